import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lockHolders } from "../../src/locks/lock-holders.ts";
import { takeLock, tryLock } from "../../src/locks/take-lock.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();
const file = () => `${scratch.path}/lock`;

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(path: string, kind: "-x" | "-s") {
  const child = spawn("flock", ["-F", kind, path, "sh", "-c", "echo held; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}

describe("a lock", () => {
  it("lets one taker of this process in at a time, in turn", async () => {
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const work = async (n: number) => {
      using lock = await takeLock(file(), { kind: "exclusive" });
      expect(lock).not.toBeNull();
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      order.push(n);
      inside--;
    };
    await Promise.all([1, 2, 3, 4, 5].map(work));
    expect(most).toBe(1);
    expect(order.toSorted()).toEqual([1, 2, 3, 4, 5]);
  });

  it("is shared by readers and kept from a writer meanwhile", async () => {
    const [a, b] = [await takeLock(file(), { kind: "shared" }), await takeLock(file(), { kind: "shared" })];
    expect(tryLock(file(), { kind: "exclusive" })).toBe("busy");
    a?.release();
    expect(tryLock(file(), { kind: "exclusive" })).toBe("busy");
    b?.release();
    const writer = tryLock(file(), { kind: "exclusive" });
    expect(writer).not.toBe("busy");
    if (writer !== "busy") writer?.release();
  });

  it("waits for another process without using the processor, and names it", async () => {
    const other = await holdElsewhere(file(), "-x");
    expect(lockHolders(file()).map(({ command }) => command)).toContain("sleep");
    const waiting = takeLock(file(), { kind: "exclusive" });
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(100);
    await other.kill();
    const lock = await waiting;
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it("can be given up while waiting", async () => {
    const held = await takeLock(file(), { kind: "exclusive" });
    const abort = new AbortController();
    const waiting = takeLock(file(), { kind: "exclusive", signal: abort.signal });
    const began = performance.now();
    setTimeout(() => abort.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - began).toBeLessThan(120);
    held?.release();
  });

  it("tells those who come what a long holder is doing, and no more when it is free", async () => {
    const held = await takeLock(file(), { kind: "exclusive", note: "commit by pid 7" });
    const refused = takeLock(file(), {
      kind: "exclusive",
      whileBusy: (note) => {
        throw new Error(note);
      },
    });
    await expect(refused).rejects.toThrow("commit by pid 7");
    held?.release();
    expect(readFileSync(file(), "utf8")).toBe("");
  });

  it("does not believe the note of a killed holder", async () => {
    writeFileSync(file(), "commit by pid 7");
    const lock = await takeLock(file(), { kind: "exclusive" });
    expect(readFileSync(file(), "utf8")).toBe("");
    lock?.release();
  });

  it("on a file that was removed meanwhile guards nothing, so the new file's is taken", async () => {
    const held = await takeLock(file(), { kind: "exclusive" });
    const waiting = takeLock(file(), { kind: "exclusive" });
    rmSync(file());
    const second = await waiting;
    expect(tryLock(file(), { kind: "exclusive" })).toBe("busy");
    second?.release();
    held?.release();
  });

  it("is null where there is no directory for it", async () => {
    expect(await takeLock(`${scratch.path}/none/lock`, { kind: "exclusive" })).toBeNull();
  });
});
