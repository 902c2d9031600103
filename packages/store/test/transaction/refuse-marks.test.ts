import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseMarks } from "../../src/transaction/refuse-marks.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/marks-`);
  mkdirSync(`${dir}/d`);
});
afterEach(() => rmSync(dir, { recursive: true }));

it.each([".wh.f", ".wh..wh..opq", ".wh..wh.plnk", ".wh."])(
  "what aufs reads as a mark is not imported: %s",
  async (name) => {
    writeFileSync(`${dir}/d/f`, "");
    writeFileSync(`${dir}/d/${name}`, "");
    await expect(refuseMarks({ dir, dialect: "aufs" }, undefined)).rejects.toMatchObject({ code: "NOT_REPRESENTABLE" });
    await refuseMarks({ dir, dialect: "tree" }, undefined);
  },
);

it("names that aufs lists and lets nobody use are not imported", async () => {
  writeFileSync(`${dir}/d/${"a".repeat(242)}`, "");
  await refuseMarks({ dir, dialect: "aufs" }, undefined);
  writeFileSync(`${dir}/d/${"b".repeat(243)}`, "");
  await expect(refuseMarks({ dir, dialect: "aufs" }, undefined)).rejects.toThrow(/a name of 243 bytes; aufs takes 242/);
  await refuseMarks({ dir, dialect: "overlay-trusted" }, undefined);
});
