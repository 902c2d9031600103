import { closeSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { closeFd, tryLockFd, tryLockFile } from "../../src/index.ts";
import { freshDirectory } from "../fresh-directory.ts";

const fresh = freshDirectory();

describe("a lock", () => {
  it("is held by one, or shared, until its descriptor is closed", () => {
    const path = `${fresh.path}/lock`;
    const held = tryLockFile(path, "exclusive")!;
    expect([tryLockFile(path, "exclusive"), tryLockFile(path, "shared")]).toEqual([null, null]);
    closeFd(held);
    const [one, two] = [tryLockFile(path, "shared")!, tryLockFile(path, "shared")!];
    expect(tryLockFile(path, "exclusive")).toBeNull();
    for (const fd of [one, two]) closeFd(fd);
    const other = openSync(path, "r");
    expect(tryLockFd(other, "exclusive")).toBe(true);
    closeSync(other);
  });
});
