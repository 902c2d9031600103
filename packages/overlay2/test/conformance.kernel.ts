import { testDriver } from "@copyup/conformance/vitest";
import { driver } from "../src/index.ts";

/** What a change to this driver breaks first; the whole suite is `copyup conform overlay2`. */
testDriver(driver, {
  require: true,
  runs: 50,
  only: [
    ...["CU01", "CU02", "CU03", "CU07", "CU08", "CU14", "CU18", "CU25"],
    ...["WH01", "WH04", "WH06", "WH09", "WH12", "WH17", "WH27", "ME01", "ME02", "ME04", "ME07"],
    ...["UM01", "UM03", "UM06", "UM07", "UM20", "LA02", "LA03", "LA05", "LA06", "LA07", "LA08", "LA11", "LA20"],
    ...["DA08", "DA10", "FA02", "FA06"],
    ...["RD01", "RD02", "RD03"],
  ],
});
