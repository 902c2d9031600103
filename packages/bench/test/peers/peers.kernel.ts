import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { bench, type Maker, WORKLOADS } from "@copyup/bench";
import { type OpenScratch, openScratch, type Tree } from "@copyup/conformance";
import { describeHost, readMountInfo } from "@copyup/linux";
import { loadDriver } from "@copyup/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ground, makeGround } from "../../src/ground/ground.ts";
import { inviteGuests } from "../../src/peers/guests.ts";
import { PEERS } from "../../src/peers/index.ts";
import type { OpenPeer } from "../../src/peers/peer.ts";
import type { Contestant } from "../../src/workload.ts";

/** The programs themselves, on a loop image. Those that are not installed are told, and their tests skipped with the package. */
const signal = new AbortController().signal;
const host = describeHost();
const plainCopy = await loadDriver("plain-copy");
let scratch: OpenScratch;
beforeAll(async () => {
  scratch = await openScratch({ image: "required", imageFilesystem: "ext4", imageBytes: 1024 ** 3 });
});
afterAll(() => scratch.close());

const fresh = (name: string) => {
  const dir = path.join(scratch.dir, name);
  mkdirSync(dir);
  return dir;
};
/** Of processes that work below a directory. */
const commandsWith = (dir: string) =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((command) => command.includes(dir));

const missing = PEERS.filter((peer) => peer.version() === null);

test("--peers: whoever is installed takes part and is verified, the others say what to install, nothing stays behind", async () => {
  const dir = fresh("whole");
  const wanted = ["mount-10", "apply", "diff", "changes", "copy", "start"];
  const result = await bench({
    ...{ dir, host, signal, drivers: [plainCopy], filesystem: "ext4", scale: 0.01, runs: 1, peers: true },
    workloads: WORKLOADS.filter(({ name }) => wanted.includes(name)) as Maker[],
    ...{ command: [process.execPath], layers: [], files: [], atOnce: [], bytes: [], stored: [] },
  });
  const { peers } = result.environment;
  expect(Object.keys({ ...peers?.installed, ...peers?.missing }).sort()).toEqual(PEERS.map(({ name }) => name).sort());
  const contestants = result.workloads.flatMap((workload) => workload.contestants);
  for (const peer of PEERS)
    for (const name of new Set(Object.values(peer.contestants).flat())) {
      const ran = contestants.filter((contestant) => contestant.name === name);
      expect([name, ran.length]).not.toEqual([name, 0]);
      for (const { cpuMs, absent } of ran)
        if (missing.includes(peer)) expect(absent).toContain(`Debian package ${peer.debianPackage}`);
        else expect([name, absent, (cpuMs?.median ?? 0) > 0]).toEqual([name, null, true]);
    }
  expect(commandsWith(dir)).toEqual([]);
  expect([...readMountInfo()].map(({ target }) => target).filter((target) => target.startsWith(dir))).toEqual([]);
}, 180_000);

describe("a result that is not the expected one is found out", () => {
  let ground: Ground;
  beforeAll(async () => {
    const dir = fresh("wrong");
    ground = await makeGround({ dir, host, signal, drivers: [plainCopy], scale: 0.005, peers: false, say: () => {} });
  });
  afterAll(() => ground.close());

  /** Every file has another size. */
  const wrong = async (): Promise<Tree> =>
    new Map(
      [...(await ground.expected())].map(([name, entry]) => [
        name,
        entry.type === "file" ? { ...entry, size: entry.size + 1, content: "of another file" } : entry,
      ]),
    );

  test.for(PEERS.map((peer) => [peer.name, peer] as const))(
    "%s",
    { timeout: 60_000 },
    async ([name, peer], context) => {
      context.skip(missing.includes(peer), `not installed: Debian package ${peer.debianPackage}`);
      const other = await wrong();
      const { tar } = await ground.many();
      const room = { dir: path.join(ground.dir, `guest-${name}`), env: {}, signal, many: ground.many };
      const guests = inviteGuests({ ...room, expected: async () => other }, [peer]);
      const jobs: Record<string, (open: OpenPeer) => Promise<Contestant[]> | undefined> = {
        apply: (open) => open.apply?.({ file: tar, compression: "none", expected: () => other }),
        diff: (open) => open.diff?.(),
        changes: (open) => open.changes?.(),
        copy: (open) => open.copy?.(),
      };
      try {
        for (const job of ["apply", "diff", "changes", "copy"] as const)
          for (const contestant of await guests.contestants(job, jobs[job]!)) {
            await contestant.before?.();
            await contestant.run();
            const verified = (async () => contestant.verify?.())();
            await expect(verified, `${contestant.name}, ${job}`).rejects.toThrow("did not reach the same result");
            await contestant.after?.();
          }
      } finally {
        await guests.close();
      }
    },
  );
});
