import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type CheckResult, openSession, runCheck } from "@copyup/conformance";
import { isRunning, mountsBelow, processStartTime, unmount } from "@copyup/linux";
import { type LayerStore, openStore } from "@copyup/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { programVersion } from "../src/probe/program.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync("/dev/shm/f-");
});
afterEach(() => {
  const mounted = mountsBelow(root).map(({ target }) => target);
  for (const target of mounted.toReversed()) unmount(target, true);
  rmSync(root, { recursive: true });
  expect(mounted).toEqual([]);
});

/** The daemon behind a mount, by the target in its arguments. */
function daemonOf(target: string): { pid: number; startTime: string } {
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let words: string[] = [];
    try {
      words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
    } catch {
      continue;
    }
    if (words.at(-2) === target) return { pid: Number(name), startTime: processStartTime(Number(name)) ?? "" };
  }
  throw new Error(`no daemon serves ${target}`);
}

async function ended(daemon: ReturnType<typeof daemonOf>): Promise<void> {
  for (let i = 0; isRunning(daemon) && i < 500; i++) await sleep(10);
  expect(isRunning(daemon)).toBe(false);
}

async function killed(target: string): Promise<void> {
  const daemon = daemonOf(target);
  process.kill(daemon.pid, "SIGKILL");
  await ended(daemon);
}

const open = (): Promise<LayerStore> => openStore({ root: `${root}/store`, driver, create: true });

describe.skipIf(programVersion() === null)("a daemon", () => {
  it("has nothing of ours open, leads a session, and ends with the unmount", async () => {
    await using store = await open();
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    const daemon = daemonOf(mount.path);
    const links = readdirSync(`/proc/${daemon.pid}/fd`).map((fd) => readlinkSync(`/proc/${daemon.pid}/fd/${fd}`));
    const its = links.filter((link) => !/^(\/dev\/(fuse|null)|\/memfd:copyup-daemon-stderr .*|pipe:.*)$/.test(link));
    expect(its.filter((link) => !link.startsWith(`${root}/store/layers/`))).toEqual([]);
    const stat = readFileSync(`/proc/${daemon.pid}/stat`, "utf8");
    expect(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]).toBe(String(daemon.pid));
    writeFileSync(`${mount.path}/f`, "x");
    expect(await mount.unmount()).toEqual({ notes: [] });
    expect(isRunning(daemon)).toBe(false);
    expect(readFileSync(`${store.access(await store.get(id)).dir}/f`, "utf8")).toBe("x");
  });

  it("that is killed: the mount is told dead, unmounted with a note, and made again; others go on", async () => {
    await using store = await open();
    const [one, other] = [await store.prepare(), await store.prepare()];
    const [mount, beside] = [await store.mount(one.id), await store.mount(other.id)];
    writeFileSync(`${mount.path}/f`, "written");
    await killed(mount.path);
    expect(() => readdirSync(mount.path)).toThrow("ENOTCONN");
    expect((await store.mounts()).map(({ layer, state }) => [layer, state]).sort()).toEqual(
      [
        [one.id, "dead"],
        [other.id, "mounted"],
      ].sort(),
    );
    await expect(store.commit(one.id)).rejects.toMatchObject({
      code: "LAYER_IN_USE",
      message: /daemon behind it is dead/,
    });
    expect((await mount.unmount()).notes).toEqual([expect.stringContaining("is dead")]);
    const again = await store.mount(one.id);
    expect(readFileSync(`${again.path}/f`, "utf8")).toBe("written");
    writeFileSync(`${beside.path}/g`, "");
    for (const one of [again, beside]) expect((await one.unmount()).notes).toEqual([]);
  });

  it("that is killed while files are open: unmounted all the same, and the layer is free", async () => {
    await using store = await open();
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    const fd = openSync(`${mount.path}/f`, "w");
    try {
      await killed(mount.path);
      await mount.unmount();
      await store.commit(id);
    } finally {
      expect(() => closeSync(fd)).toThrow("ENOTCONN");
    }
  });

  it("that is killed: the next mount takes the dead one away first", async () => {
    await using store = await open();
    const { id } = await store.prepare();
    const target = `${root}/target`;
    mkdirSync(target);
    await store.mount(id, { target });
    await killed(target);
    await using again = await store.mount(id, { target });
    writeFileSync(`${again.path}/f`, "");
    expect(mountsBelow(target)).toHaveLength(1);
  });

  it("of a store's mount that is killed: another opening finds the mount dead, and unmounts it", async () => {
    const target = `${root}/target`;
    mkdirSync(target);
    let id = "";
    {
      await using store = await open();
      ({ id } = await store.prepare());
      await store.mount(id, { target, owner: "store" });
    }
    await killed(target);
    await using store = await open();
    expect((await store.mounts()).map(({ state }) => state)).toEqual(["dead"]);
    expect((await store.unmount(target)).notes).toHaveLength(1);
    await store.commit(id);
  });

  it("that is stopped does not answer: a mount of the layer is refused, an unmount kills it", {
    timeout: 30_000,
  }, async () => {
    await using store = await open();
    const { id } = await store.prepare();
    const mount = await store.mount(id);
    const daemon = daemonOf(mount.path);
    process.kill(daemon.pid, "SIGSTOP");
    await expect(store.mount(id, { target: freshTarget() })).rejects.toMatchObject({
      code: "MOUNT_FAILED",
      message: expect.stringContaining("has not answered"),
    });
    expect((await mount.unmount()).notes).toEqual([expect.stringContaining("and was killed")]);
    await ended(daemon);
  });

  it("that is stopped fails its check only, by the watch in another thread", { timeout: 60_000 }, async () => {
    mkdirSync(`${root}/work`);
    const session = await openSession(driver, `${root}/work`);
    const run = (stops: boolean): Promise<CheckResult> =>
      runCheck(
        session,
        {
          id: "XX01",
          title: "a daemon that hangs",
          cites: ["this test"],
          async run(trial) {
            const store = await trial.store();
            const { id } = await store.prepare();
            const mount = await store.mount(id);
            if (stops) process.kill(daemonOf(mount.path).pid, "SIGSTOP");
            writeFileSync(`${mount.path}/f`, "");
            await mount.unmount();
          },
        },
        { seed: 1, limitMs: 2000 },
      );
    expect(await run(true)).toMatchObject({ status: "fail", reason: expect.stringMatching(/ENOTCONN|ECONNABORTED/) });
    expect(await run(false)).toMatchObject({ status: "pass" });
  });
});

function freshTarget(): string {
  mkdirSync(`${root}/elsewhere`);
  return `${root}/elsewhere`;
}
