import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { allChecks, profileProblems } from "@copyup/conformance";
import { type Layer, type StorageDriver, supported } from "@copyup/core";
import { describeDirectory, describeHost } from "@copyup/linux";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { programVersion } from "../src/probe/program.ts";

/** Opening wants the program; what needs none is tested in plan.test.ts. */
const opens = supported(await driver.probe(describeDirectory("/dev/shm"), describeHost()));

let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/fuse-overlayfs-`);
});
afterEach(() => rmSync(root, { recursive: true }));

function openHere(options: Record<string, unknown> = {}): Promise<StorageDriver> {
  mkdirSync(`${root}/scratch`);
  return driver.open({ root, layers: `${root}/layers`, scratch: `${root}/scratch` }, options);
}

/** A layer as a store would show it. */
function layerAt(body: string, { dialect }: StorageDriver): Layer {
  return {
    id: "base",
    parent: null,
    state: "active",
    driver: driver.name,
    bodyFormat: driver.bodyFormat,
    dialect,
    body,
    diffId: null,
    contentId: null,
    chainId: null,
    labels: {},
    createdAt: "2026-01-01T00:00:00Z",
    lost: {},
  };
}

describe("the driver", () => {
  it("takes no options", async () => {
    await expect(openHere({ size: 1 })).rejects.toMatchObject({ code: "BAD_OPTION", driver: driver.name });
  });

  it("says with evidence whether it works here, and its probe leaves nothing behind", async () => {
    const findings = await driver.probe(describeDirectory(root), describeHost());
    expect(findings.find(({ feature }) => feature === "program")?.ok).toBe(programVersion() !== null);
    for (const { ok, evidence, fix } of findings)
      expect([evidence.length > 0, ok || fix !== null]).toEqual([true, true]);
    expect(readdirSync(root)).toEqual([]);
  });

  it("refuses a store below a colon", async () => {
    const odd = `${root}/a:b`;
    mkdirSync(`${odd}/scratch`, { recursive: true });
    const refused = driver.open({ root: odd, layers: `${odd}/layers`, scratch: `${odd}/scratch` }, {});
    await expect(refused).rejects.toMatchObject({
      code: "DRIVER_UNSUPPORTED",
      message: expect.stringContaining("colon"),
    });
  });

  it.runIf(opens)("says why where nothing can be written", async () => {
    const directory = { ...describeDirectory(root), path: `${root}/nowhere` };
    const findings = await driver.probe(directory, describeHost());
    expect(supported(findings)).toBe(false);
    for (const { ok, required, fix } of findings) if (required && !ok) expect(fix).not.toBeNull();
  });

  it("has a profile that the suite can prove", () => {
    expect(profileProblems(driver.profile(describeDirectory(root), describeHost()), allChecks)).toEqual([]);
  });

  it.runIf(opens)(
    "lays out a base: where access says is an empty directory of mode 0755, whatever the umask",
    async () => {
      const opened = await openHere();
      const body = `${root}/body`;
      mkdirSync(body);
      const umask = process.umask(0o077);
      try {
        await opened.create({ dir: body }, null, {});
      } finally {
        process.umask(umask);
      }
      const { dir } = opened.access(layerAt(body, opened));
      expect([lstatSync(dir).mode & 0o7777, readdirSync(dir)]).toEqual([0o755, []]);
    },
  );

  it.runIf(opens)("plans a mount without looking at the disk", async () => {
    const opened = await openHere();
    const base = layerAt("/nowhere/body", opened);
    for (const mode of ["rw", "ro"] as const) expect(opened.plan([base], mode).steps).not.toEqual([]);
  });
});
