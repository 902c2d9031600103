import { expect, it } from "vitest";
import { joinOptions } from "../src/mount-options.ts";

it("options are joined by commas, and one in an option is escaped, as is a backslash", () => {
  expect(joinOptions(["ro", "lowerdir=/a,b:/c\\d"])).toBe("ro,lowerdir=/a\\,b:/c\\\\d");
});
