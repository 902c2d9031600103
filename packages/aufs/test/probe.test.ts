import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { allChecks, profileProblems } from "@copyup/conformance";
import { supported } from "@copyup/core";
import { describeDirectory, describeHost } from "@copyup/linux";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { kernelFinding, privilegeFinding } from "../src/probe/kernel.ts";
import { filesystemFinding, pathFinding } from "../src/probe/place.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/aufs-`);
});
afterEach(() => rmSync(root, { recursive: true }));

const host = { ...describeHost(), filesystems: ["ext4", "aufs"], euid: 0, sysAdmin: true, userNamespace: false };
const open = (options: Record<string, unknown>, at = root) =>
  driver.open({ root: at, layers: `${at}/layers`, scratch: `${at}/scratch` }, options);

describe("the probe", () => {
  it("looks for the word aufs, not for a name that holds it", () => {
    expect(kernelFinding(host).ok).toBe(true);
    const without = kernelFinding({ ...host, filesystems: ["ext4", "aufsx", "myaufs"] });
    expect(without).toMatchObject({ ok: false, required: true, kind: "unsupported" });
    for (const way of ["modprobe aufs", "docs/kernels.md", "store import --from docker-aufs"])
      expect(without.fix).toContain(way);
  });

  it("refuses a user namespace, where the kernel would, and whoever may not mount", () => {
    expect(privilegeFinding(host).ok).toBe(true);
    for (const other of [{ userNamespace: true }, { sysAdmin: false, euid: 1000 }])
      expect(privilegeFinding({ ...host, ...other })).toMatchObject({ ok: false, kind: "prerequisite" });
  });

  it.each(["aufs", "btrfs", "ecryptfs", "overlay"])("refuses a store on %s", (filesystem) => {
    const finding = filesystemFinding({ ...describeDirectory(root), filesystem });
    expect(finding).toMatchObject({ ok: false, kind: "unsuitable-fs" });
    expect(finding.evidence).toContain(filesystem);
  });

  it.each([",", ":", "=", "\n"])("refuses a path with %j in it", (character) => {
    expect(pathFinding(`/a${character}b`)).toMatchObject({ ok: false, required: true });
    expect(pathFinding("/a b\\ü").ok).toBe(true);
  });

  it("leaves nothing behind, and says what is missing and what to do", async () => {
    const findings = await driver.probe(describeDirectory(root), describeHost());
    expect(readdirSync(root)).toEqual([]);
    for (const { ok, required, fix, evidence } of findings) {
      expect(evidence).not.toBe("");
      if (required && !ok) expect(fix).not.toBeNull();
    }
    if (!describeHost().filesystems.includes("aufs")) expect(supported(findings)).toBe(false);
  });
});

describe("open", () => {
  it("takes no options, and says why a known one is not for choosing", async () => {
    await expect(open({ size: 1 })).rejects.toMatchObject({ code: "BAD_OPTION", driver: "aufs" });
    await expect(open({ dirren: true })).rejects.toThrow(/empty in a mount without/);
  });

  it("refuses in the probe's words where the kernel has no aufs", async ({ skip }) => {
    if (describeHost().filesystems.includes("aufs")) skip("this kernel has aufs");
    await expect(open({})).rejects.toMatchObject({
      code: "DRIVER_UNSUPPORTED",
      message: expect.stringMatching(/not in/),
    });
  });
});

it("has a profile that the suite can prove", () => {
  expect(profileProblems(driver.profile(describeDirectory(root), describeHost()), allChecks)).toEqual([]);
});
