import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mountAt } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { runChild } from "./children/run-child.ts";
import { drivers, layerWith, openAt, refusal } from "./ground.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

describe.each(drivers)("two processes on one %s store", (name, driver) => {
  it("lose nothing: layers made and labels set by both are there", async () => {
    await using store = await openAt(scratch, driver);
    const base = await layerWith(store, null, { f: "x" });
    const children = ["one", "two"].map((child) =>
      runChild("make-layers.ts", [store.root, name, base.id, child, "25"]),
    );
    for (const child of children) await child.line();
    // And this process reads all the while.
    const done = Promise.all(children.map((child) => child.done()));
    let running = true;
    void done.finally(() => (running = false));
    while (running) {
      for (const layer of await store.list()) expect(layer.driver).toBe(name);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await done;
    const layers = await store.list();
    expect(layers).toHaveLength(51);
    expect(layers.every(({ state }) => state === "committed")).toBe(true);
    expect(Object.keys((await store.get(base.id)).labels)).toHaveLength(50);
    expect((await store.check()).problems).toEqual([]);
    expect(readdirSync(path.join(store.root, "staging"))).toEqual([]);
  });

  it("mount a layer at once: one superblock, both see both writes, the last unmount frees it", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const targets = ["a", "b", "c"].map((target) => scratch.directory(target));
    const children = targets.map((target) => runChild("mount-and-wait.ts", [store.root, name, id, "process", target]));
    await Promise.all(children.map((child) => child.line()));
    const devices = new Set(targets.map((target) => `${mountAt(target)?.major}:${mountAt(target)?.minor}`));
    expect(devices.size).toBe(1);
    for (const target of targets) writeFileSync(path.join(target, path.basename(target)), "x");
    for (const target of targets) expect(readdirSync(target).sort()).toEqual(["a", "b", "c"]);
    for (const [n, child] of children.entries()) {
      const refused = await refusal(store.commit(id));
      expect(refused).toMatchObject({ code: "LAYER_IN_USE" });
      for (const target of targets.slice(n)) expect(refused.message).toContain(target);
      child.send("");
      await child.done();
    }
    await store.commit(id);
  });

  it("when one dies with mounts: the next opener unmounts what was its own, and leaves what is the store's", async () => {
    await using store = await openAt(scratch, driver);
    const [mine, kept] = [await store.prepare(), await store.prepare()];
    const [a, b] = [scratch.directory("a"), scratch.directory("b")];
    const children = [
      runChild("mount-and-wait.ts", [store.root, name, mine.id, "process", a]),
      runChild("mount-and-wait.ts", [store.root, name, kept.id, "store", b]),
    ];
    for (const child of children) await child.line();
    for (const child of children) await child.kill();
    expect(mountAt(a)).not.toBeNull();
    await using next = await openAt(scratch, driver);
    expect(mountAt(a)).toBeNull();
    expect(mountAt(b)).not.toBeNull();
    expect(await next.mounts()).toEqual([
      expect.objectContaining({ layer: kept.id, target: b, owner: "store", state: "mounted" }),
    ]);
    await next.unmount(b);
    await next.commit(mine.id);
  });

  it("a dead process's mount that somebody works in stays, in use", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("a");
    const child = runChild("mount-and-wait.ts", [store.root, name, id, "process", target]);
    await child.line();
    writeFileSync(path.join(target, "f"), "x");
    const before = process.cwd();
    process.chdir(target);
    try {
      await child.kill();
      await using next = await openAt(scratch, driver);
      expect(await refusal(next.commit(id))).toMatchObject({
        code: "LAYER_IN_USE",
        message: expect.stringContaining(target),
      });
      expect(readFileSync("f", "utf8")).toBe("x");
    } finally {
      process.chdir(before);
    }
    await using last = await openAt(scratch, driver);
    expect(mountAt(target)).toBeNull();
    await last.commit(id);
  });
});
