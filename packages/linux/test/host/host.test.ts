import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeDirectory, describeHost } from "../../src/index.ts";
import { freshDirectory } from "../fresh-directory.ts";

const fresh = freshDirectory();

describe("the host", () => {
  it("is described as uname and /proc have it", () => {
    const host = describeHost();
    expect(host.kernelRelease).toBe(execFileSync("uname", ["-r"], { encoding: "utf8" }).trim());
    expect(host.kernelRelease.startsWith(`${host.kernel[0]}.${host.kernel[1]}`)).toBe(true);
    expect(host.filesystems).toContain("proc");
    expect(host.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(host.euid).toBe(process.geteuid?.());
    if (host.fullRoot) expect([host.sysAdmin, host.userNamespace]).toEqual([true, false]);
  });
});

describe("a directory", () => {
  it("is described by trial, and left empty", () => {
    const directory = describeDirectory(fresh.path);
    expect(directory).toMatchObject({ path: fresh.path, dType: true, nameMax: 255 });
    expect(directory.filesystem).toBe(
      execFileSync("stat", ["-fc", "%T", fresh.path], { encoding: "utf8" }).trim().replace("ext2/ext3", "ext4"),
    );
    expect(readdirSync(fresh.path)).toEqual([]);
  });

  it("that cannot be written is an error", () => {
    expect(() => describeDirectory(`${fresh.path}/nope`)).toThrow("ENOENT");
  });
});
