import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import type { Layer, MountMode, StorageDriver } from "@copyup/core";
import { carryOut, mountAt, unmount } from "@copyup/linux";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { create, openAt } from "./layers.ts";

let root = "";
let opened: StorageDriver;
let layer: Layer;
let children: ChildProcess[] = [];

beforeEach(async () => {
  root = mkdtempSync("/dev/shm/plain-copy-");
  opened = await openAt(root);
  layer = await create(opened, root, "one", null);
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  if (mountAt(root)) unmount(root);
  rmSync(root, { recursive: true });
});

function mount(mode: MountMode): string {
  const target = mkdtempSync(`${root}/target-`);
  carryOut(opened.plan([layer], mode), target);
  return target;
}

/** A process that says a line when it is there, and then sleeps. */
async function holder(command: string, args: readonly string[], cwd: string): Promise<ChildProcess> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout!, "data");
  return child;
}

describe("busy", () => {
  it("is false for a layer nobody uses, though others have files open", async () => {
    const fd = openSync(`${root}/scratch/other`, "w");
    expect(await opened.busy?.(layer)).toBe(false);
    closeSync(fd);
  });

  it.each(["rw", "ro"] as const)("is true while it is mounted %s", async (mode) => {
    const target = mount(mode);
    expect(await opened.busy?.(layer)).toBe(true);
    unmount(target);
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("is true after a lazy unmount until the last file is closed", async () => {
    const target = mount("rw");
    writeFileSync(`${target}/log`, "");
    const fd = openSync(`${target}/log`, "r+");
    unmount(target, true);
    expect(await opened.busy?.(layer)).toBe(true);
    closeSync(fd);
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("cannot tell while such a file is deleted", async () => {
    const target = mount("rw");
    writeFileSync(`${target}/log`, "");
    const fd = openSync(`${target}/log`, "r+");
    unlinkSync(`${target}/log`);
    unmount(target, true);
    expect(await opened.busy?.(layer)).toBe(null);
    closeSync(fd);
  });

  it("is true while another namespace has a copy of the mount", async () => {
    const target = mount("rw");
    const child = await holder("unshare", ["-m", "sh", "-c", "echo ready; exec sleep 600"], "/");
    unmount(target);
    expect(await opened.busy?.(layer)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    children = [];
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("is true while somebody works in the tree itself", async () => {
    await holder("sh", ["-c", "echo ready; exec sleep 600"], `${layer.body}/tree`);
    expect(await opened.busy?.(layer)).toBe(true);
  });
});
