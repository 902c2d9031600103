import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { attachLoop, closeFd, describeDirectory, mount2, unmount } from "../../src/index.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

it("an image is mounted through a loop device that goes with the mount", () => {
  const image = `${scratch.path}/image`;
  writeFileSync(image, "");
  truncateSync(image, 8 * 2 ** 20);
  execFileSync("/usr/sbin/mkfs.ext4", ["-q", image]);
  const target = scratch.directory("t");
  const loop = attachLoop(image);
  mount2(loop.path, target, "ext4", 0, "");
  closeFd(loop.fd);
  expect(describeDirectory(target)).toMatchObject({
    filesystem: "ext4",
    reflink: false,
    xattrs: { user: true, trusted: true },
  });
  const backing = () => readFileSync(`/sys/block/${loop.path.slice(5)}/loop/backing_file`, "utf8").trim();
  expect(backing()).toBe(image);
  unmount(target);
  expect(backing).toThrow("ENOENT");
});
