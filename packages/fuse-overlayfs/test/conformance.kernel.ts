import { testDriver } from "@copyup/conformance/vitest";
import { driver } from "../src/index.ts";

/** What a change to this driver breaks first; the whole suite is `copyup conform fuse-overlayfs`. Skipped without the program. */
testDriver(driver, {
  only: [
    ...["CU01", "CU02", "CU07", "CU11", "CU18", "CU19", "CU44", "WH01", "WH04", "WH08", "WH12", "WH13", "WH17"],
    ...["ME02", "ME04", "UM01", "UM03", "UM07", "UM16", "UM20", "LA06", "LA11", "LA20", "DA05", "DA08", "DA12", "LY04"],
  ],
});
