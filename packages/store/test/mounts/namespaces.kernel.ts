import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bindMount, MS_SHARED, mount2, mountAt, unmount } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { runChild } from "../children/run-child.ts";
import { drivers, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** A process in a copy of this mount namespace. */
async function bystander(...unshare: string[]) {
  const child = spawn("unshare", ["-m", ...unshare, "sh", "-c", "echo ready; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}

async function eventually<T>(act: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + 3000; ; ) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe.each(drivers)("mount namespaces, %s", (name, driver) => {
  it("a layer mounted in another one is neither mounted nor unmounted here, and a process there is named", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    const child = runChild("mount-and-wait.ts", [store.root, name, id, "store", target], { newMountNamespace: true });
    await child.line();
    expect(mountAt(target)).toBeNull();
    expect(await store.mounts()).toEqual([expect.objectContaining({ layer: id, state: "elsewhere" })]);
    await using second = await openAt(scratch, driver);
    await second.gc();
    for (const verb of [
      () => second.mount(id),
      () => second.view(id),
      () => second.unmount(target),
      () => second.commit(id),
      () => second.remove(id),
    ]) {
      expect(await refusal(verb())).toMatchObject({
        code: "LAYER_IN_USE",
        message: expect.stringContaining(`${child.pid}`),
      });
    }
    child.send("");
    await child.done();
    await second.commit(id);
  });

  it("a namespace that dies with its mounts frees the layer", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const child = runChild("mount-and-wait.ts", [store.root, name, id, "store"], { newMountNamespace: true });
    await child.line();
    await child.kill();
    await eventually(() => store.commit(id));
    expect(await store.mounts()).toEqual([]);
  });

  it("a copy in another one keeps the layer in use after the unmount here", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const target = scratch.directory("target");
    const mount = await store.mount(id, { target });
    const other = await bystander("--propagation", "private");
    await mount.unmount();
    expect(mountAt(target)).toBeNull();
    expect(await store.mounts()).toEqual([expect.objectContaining({ layer: id, state: "detached" })]);
    for (const verb of [() => store.commit(id), () => store.remove(id), () => store.mount(id)]) {
      expect(await refusal(verb())).toMatchObject({
        code: "LAYER_IN_USE",
        message: expect.stringContaining(`${other.pid}`),
      });
    }
    rmdirSync(target);
    await other.kill();
    await eventually(() => store.commit(id));
  });

  it("a mount below a shared directory is private, and what reached other namespaces counts until it is gone", async () => {
    await using store = await openAt(scratch, driver);
    const { id } = await store.prepare();
    const shared = scratch.directory("shared");
    const target = scratch.directory("shared/target");
    bindMount(shared, shared, false);
    mount2("none", shared, "", MS_SHARED, "");
    // A slave: what is mounted below `shared` reaches it.
    const other = await bystander("--propagation", "slave");
    const mount = await store.mount(id, { target });
    expect(mountAt(target)?.propagation).toEqual([]);
    expect(mountAt(target, other.pid)).not.toBeNull();
    writeFileSync(path.join(target, "f"), "x");
    await mount.unmount();
    if (mountAt(target, other.pid) !== null) {
      expect(await refusal(store.commit(id))).toMatchObject({
        code: "LAYER_IN_USE",
        message: expect.stringContaining(`${other.pid}`),
      });
    }
    await other.kill();
    await eventually(() => store.commit(id));
    unmount(shared);
  });
});
