import { testDriver } from "@copyup/conformance/vitest";
import { driver } from "../src/index.ts";

/**
 * What a change to this driver breaks first; the whole suite is `copyup conform aufs`. Skipped where the kernel has no aufs, which
 * is almost everywhere: `npm run test:vm -- --kernel FILE --driver aufs --require aufs` is the proof.
 */
testDriver(driver, {
  only: [
    ...["CU01", "CU02", "CU03", "CU07", "CU11", "CU18", "CU31", "WH01", "WH12", "WH17", "ME02", "ME07"],
    ...["UM01", "UM03", "UM07", "UM20", "LA06", "LA11", "LA20", "DA05", "DA08", "DA12", "DA17", "LY04", "LY08"],
  ],
});
