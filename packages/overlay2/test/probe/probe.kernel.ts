import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Finding, supported } from "@copyup/core";
import { carryOut, describeDirectory, describeHost, unmount } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { closedToOthers } from "../../../../tools/closed-to-others.ts";
import { driver } from "../../src/index.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** Probes a directory; nothing may be left there, nor mounted anywhere. */
async function probe(path: string): Promise<Finding[]> {
  const before = [readdirSync(path), readFileSync("/proc/self/mountinfo", "utf8")];
  const findings = await driver.probe(describeDirectory(path), describeHost());
  expect([readdirSync(path), readFileSync("/proc/self/mountinfo", "utf8")]).toEqual(before);
  return findings;
}

function failing(findings: readonly Finding[]): string[] {
  return findings.filter(({ ok, required }) => required && !ok).map(({ feature, kind }) => `${feature}: ${kind}`);
}

describe("the probe", () => {
  it.each([
    ["ext4", ["mkfs.ext4", "-q"], 16],
    ["xfs", ["mkfs.xfs", "-q"], 300],
    ["btrfs", ["mkfs.btrfs", "-q"], 120],
  ] as const)("takes %s", async (name, mkfs, megabytes) => {
    const findings = await probe(scratch.image(name, mkfs, megabytes));
    expect(failing(findings)).toEqual([]);
    expect(findings.find(({ feature }) => feature === "reflink")?.ok).toBe(name !== "ext4");
    expect(findings.find(({ feature }) => feature === "in-use-test")?.ok).toBe(true);
  });

  it("takes tmpfs", async () => {
    expect(supported(await probe(scratch.filesystem("tmpfs", "tmpfs")))).toBe(true);
  });

  it("has evidence for each finding, and a fix for each that fails", async () => {
    for (const path of [scratch.path, scratch.filesystem("ramfs", "ramfs")]) {
      for (const { ok, required, evidence, fix } of await probe(path)) {
        expect(evidence.length).toBeGreaterThan(10);
        if (required) expect(fix === null).toBe(ok);
      }
    }
  });

  it("refuses ext4 without types", async () => {
    const findings = await probe(scratch.image("old", ["mkfs.ext4", "-q", "-O", "^filetype"], 16));
    expect(failing(findings)).toEqual(["d_type: unsuitable-fs", "whiteout: unsuitable-fs", "opaque: unsuitable-fs"]);
    expect(findings.find(({ feature }) => feature === "whiteout")?.evidence).toContain("still listed");
    expect(findings.find(({ feature }) => feature === "d_type")?.fix).toContain("tune2fs");
  });

  it("refuses ramfs, which has no xattrs", async () => {
    const findings = await probe(scratch.filesystem("ramfs", "ramfs"));
    expect(failing(findings)).toEqual(["xattr: unsuitable-fs", "opaque: unsuitable-fs"]);
    expect(findings.find(({ feature }) => feature === "opaque")?.evidence).toContain("EIO");
  });

  it("refuses an overlay, which a container's own root is", async () => {
    const [lower, upper, work, target] = ["lower", "upper", "work", "target"].map((name) => scratch.directory(name));
    const step = { type: "overlay", lowers: [lower!], upper: upper!, work: work!, options: [] } as const;
    carryOut({ steps: [step] }, target!);
    try {
      const findings = await probe(target!);
      expect(failing(findings)).toEqual(["mount: unsuitable-fs"]);
      const refusal = findings.find(({ feature }) => feature === "mount");
      expect(refusal?.evidence).toContain("not supported as upperdir");
      expect(refusal?.fix).toContain("volume");
    } finally {
      unmount(target!);
    }
  });

  it.for<[string, string[], string[]]>([
    ["an ordinary user", ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"], ["privilege: prerequisite"]],
    ["a user namespace", ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "unshare", "-Urm"], []],
    [
      "root without CAP_SYS_ADMIN",
      ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"],
      ["privilege: prerequisite"],
    ],
  ])("tells %s what is missing", ([, command, expected], { skip }) => {
    const closed = closedToOthers();
    skip(closed !== null, closed ?? "");
    const path = scratch.filesystem("tmpfs", "tmpfs");
    const [file = "", ...args] = command;
    const child = fileURLToPath(new URL("probe-child.ts", import.meta.url));
    // A directory that the user may write.
    spawnSync("chmod", ["1777", path]);
    spawnSync("chmod", ["755", scratch.path]);
    const run = spawnSync(file, [...args, process.execPath, "--conditions=@copyup/source", child, path], {
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    expect(failing(JSON.parse(run.stdout) as Finding[])).toEqual(expected);
    expect(readdirSync(path)).toEqual([]);
  });

  it("refuses a filesystem that is full or read-only with its reason", async () => {
    const path = scratch.filesystem("tmpfs", "tmpfs");
    const directory = describeDirectory(path);
    const findings = await driver.probe({ ...directory, path: `${path}/nowhere` }, describeHost());
    expect(failing(findings)).toEqual(["mount: prerequisite"]);
  });
});
