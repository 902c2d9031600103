import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mountsBelow } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import { describe, expect, it, onTestFinished } from "vitest";
import { drivers, openAt } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** A layer as a process left it that was killed between its intent to mount and the record: mounted, and only an intent. */
async function killedAtMount(store: LayerStore, target: string, change: object): Promise<string> {
  const { id } = await store.prepare();
  await store.mount(id, { target, owner: "store" });
  rewriteRecord(store, { state: "intent", mount: null, ...change });
  return id;
}

function rewriteRecord(store: LayerStore, change: object): void {
  const [name = ""] = readdirSync(path.join(store.root, "run/mounts"));
  const file = path.join(store.root, "run/mounts", name);
  const record = JSON.parse(readFileSync(file, "utf8")) as { process: object };
  writeFileSync(file, JSON.stringify({ ...record, ...change, process: { ...record.process, ...DEAD } }));
}

/** The pid is ours, and this is not when we began. */
const DEAD = { startTime: "1" };

/** Another process holds the layer's lock, as the child of a killed one does until it has come to its exec. */
async function holdLock(store: LayerStore, id: string, seconds: number): Promise<ChildProcess> {
  const script = `echo held; exec sleep ${seconds}`;
  const child = spawn("flock", ["--no-fork", path.join(store.root, "layers", id, "state.lock"), "sh", "-c", script]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe.each(drivers)("with %s, opening a store", (_, driver) => {
  it("waits for a lock that the child of a killed process still has, and settles what that left", async () => {
    await using store = await openAt(scratch, driver);
    const target = scratch.directory("target");
    const id = await killedAtMount(store, target, {});
    await holdLock(store, id, 0.3);
    await using next = await openAt(scratch, driver);
    expect(mountsBelow(target)).toEqual([]);
    expect(readdirSync(path.join(store.root, "run/mounts"))).toEqual([]);
    await next.commit(id);
  });

  it("does not wait where one that lives is at it, or says that it will take long", async () => {
    await using store = await openAt(scratch, driver);
    const target = scratch.directory("target");
    const id = await killedAtMount(store, target, {});
    const holder = await holdLock(store, id, 60);
    const lock = path.join(store.root, "layers", id, "state.lock");
    writeFileSync(lock, "commit by pid 1");
    const began = performance.now();
    {
      await using _ = await openAt(scratch, driver);
      expect(performance.now() - began).toBeLessThan(1500);
      expect(readdirSync(path.join(store.root, "run/mounts"))).toHaveLength(1);
    }
    writeFileSync(lock, "");
    holder.kill("SIGKILL");
    await using next = await openAt(scratch, driver);
    await next.commit(id);
  });
});
