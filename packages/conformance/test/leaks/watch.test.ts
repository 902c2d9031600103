import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { LeakWatch } from "../../src/leaks/watch.ts";
import { scratchDirectory } from "../scratch-directory.ts";

function watched(): { work: string; scratch: string; watch: LeakWatch } {
  const work = scratchDirectory();
  mkdirSync(`${work}/jail`);
  mkdirSync(`${work}/jail/scratch`);
  return { work, scratch: `${work}/jail/scratch`, watch: new LeakWatch(work, `${work}/jail`) };
}

test("what lies in the scratch directory is no leak", async () => {
  const { scratch, watch } = watched();
  writeFileSync(`${scratch}/anything`, "");
  expect(await watch.findAndClean([])).toEqual([]);
});

test("a descriptor left open is found and made harmless, its number staying taken", async () => {
  const { scratch, watch } = watched();
  const fd = openSync(`${scratch}/f`, "w");
  const inode = fstatSync(fd).ino;
  expect(await watch.findAndClean([])).toEqual([`descriptor left open: ${fd} of ${scratch}/f`]);
  expect(fstatSync(fd).ino).not.toBe(inode);
  // What a check that was given up still does to it reaches nothing that anybody else has.
  const shared = statSync("/dev/null").mode;
  fchmodSync(fd, 0o700);
  expect(fstatSync(fd).isFile()).toBe(true);
  expect(statSync("/dev/null").mode).toBe(shared);
  expect(() => writeSync(fd, "x")).toThrow("EBADF");
  closeSync(fd);
});

test("files beside the scratch directory are found", async () => {
  const { work, watch } = watched();
  writeFileSync(`${work}/jail/pwn`, "");
  writeFileSync(`${work}/pwn`, "");
  expect(await watch.findAndClean([])).toEqual([
    `file left outside the scratch directory: ${work}/pwn`,
    `file left outside the scratch directory: ${work}/jail/pwn`,
  ]);
});

test("what a closed store left under way is found", async () => {
  const { scratch, watch } = watched();
  mkdirSync(`${scratch}/store/run/mounts`, { recursive: true });
  writeFileSync(`${scratch}/store/run/mounts/1.json`, "{}");
  expect(await watch.findAndClean([`${scratch}/store`])).toEqual(["the closed store still holds run/mounts/1.json"]);
});
