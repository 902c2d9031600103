import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { mountsBelow } from "@copyup/linux";
import { beforeEach, expect, test } from "vitest";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import type { Check } from "../../src/check.ts";
import { type MatrixOptions, runMatrix } from "../../src/matrix/run-matrix.ts";
import { scratchDirectory } from "../scratch-directory.ts";

let ran: string[];
let work: string;
let directory: string;
let stop: AbortController;

beforeEach(() => {
  ran = [];
  work = scratchDirectory();
  directory = `${work}/results`;
  stop = new AbortController();
});

/** Notes that it ran, and on which filesystem. */
const checks = ["XX01", "XX02", "XX03"].map(
  (id): Check => ({
    id,
    title: `check ${id}`,
    cites: ["this test"],
    run: async (t) => void ran.push(`${t.driver.name} ${t.directory.filesystem} ${id}`),
  }),
);

function run(more: Partial<MatrixOptions> & { code?: string; fresh?: boolean } = {}) {
  const { code = "1", fresh, ...options } = more;
  mkdirSync(`${work}/scratch`, { recursive: true });
  return runMatrix({
    drivers: [overlay2, plainCopy],
    filesystems: ["tmpfs"],
    work: `${work}/scratch`,
    checks,
    signal: stop.signal,
    saved: { directory, fresh, codeOf: (driver) => (driver.name === "overlay2" ? code : "1") },
    ...options,
  });
}

const files = () => readdirSync(directory).map((name) => name.replace(/^.*-(?=tmpfs|ext4)/, ""));

test("each driver runs on each filesystem, made for it and removed", async () => {
  const cells = await run({
    filesystems: ["ext4", "xfs", "btrfs", "tmpfs"],
    checks: checks.slice(0, 1),
    saved: undefined,
  });
  const wanted = ["ext4", "xfs", "btrfs", "tmpfs"].flatMap((fs) => [`overlay2 ${fs} XX01`, `plain-copy ${fs} XX01`]);
  expect(ran).toEqual(wanted);
  expect(cells.map((cell) => `${cell.driver} ${cell.filesystem} ${cell.works}`)).toEqual(
    wanted.map((name) => name.replace("XX01", "true")),
  );
  expect(cells[0]?.results[0]).toMatchObject({ filesystem: "ext4", kernel: cells[0]?.host.kernelRelease });
  expect(mountsBelow(work)).toEqual([]);
  expect(readdirSync(`${work}/scratch`)).toEqual([]);
});

test("what is whole is not run again, and told as before", async () => {
  const first = await run();
  expect(ran).toHaveLength(6);
  expect(files()).toEqual(["tmpfs-overlay2.json", "tmpfs-plain-copy.json"]);
  ran = [];
  const told: boolean[] = [];
  expect(await run({ onResult: (_, progress) => told.push(progress.earlier) })).toEqual(first);
  expect(ran).toEqual([]);
  expect(told).toEqual(Array(6).fill(true));
});

test("an interrupted run goes on with the check it was at, under the same seed", async () => {
  const interrupting = checks.map((check) =>
    check.id === "XX02" ? { ...check, run: async () => stop.abort() } : check,
  );
  await expect(run({ checks: interrupting })).rejects.toMatchObject({ code: "ABORTED" });
  expect(ran).toEqual(["overlay2 tmpfs XX01"]);
  expect(files()).toEqual(["tmpfs-overlay2.part.jsonl"]);
  const [head] = readFileSync(`${directory}/${readdirSync(directory)[0]}`, "utf8").split("\n");
  stop = new AbortController();
  ran = [];
  const [cell] = await run();
  expect(ran).toEqual([
    "overlay2 tmpfs XX02",
    "overlay2 tmpfs XX03",
    ...checks.map(({ id }) => `plain-copy tmpfs ${id}`),
  ]);
  expect(cell?.results.map((result) => result.id)).toEqual(["XX01", "XX02", "XX03"]);
  expect(JSON.parse(head!)).toMatchObject({ seed: cell?.seed, date: cell?.date });
  expect(files()).toEqual(["tmpfs-overlay2.json", "tmpfs-plain-copy.json"]);
});

test("a writer killed in the middle of a line lost that check only", async () => {
  const killed = checks.map((check) => (check.id === "XX03" ? { ...check, run: async () => stop.abort() } : check));
  await expect(run({ checks: killed })).rejects.toMatchObject({ code: "ABORTED" });
  appendFileSync(`${directory}/${readdirSync(directory)[0]}`, '{"driver":"overlay2","filesys');
  stop = new AbortController();
  ran = [];
  await run({ drivers: [overlay2] });
  expect(ran).toEqual(["overlay2 tmpfs XX03"]);
});

test("changed code of a driver runs its cell again and no other", async () => {
  await run();
  ran = [];
  await run({ code: "2" });
  expect(ran).toEqual(checks.map(({ id }) => `overlay2 tmpfs ${id}`));
});

test.each([
  ["other checks", { checks: checks.slice(1) }, 4],
  ["a seed", { seed: 5 }, 6],
  ["the heavy ones", { heavy: true }, 6],
  ["all afresh", { fresh: true }, 6],
  ["the same", {}, 0],
])("asked for %s: %s", async (_, more, count) => {
  await run();
  ran = [];
  await run(more);
  expect(ran).toHaveLength(count);
});

test("what was left of other code is not gone on with", async () => {
  const killed = checks.map((check) => (check.id === "XX03" ? { ...check, run: async () => stop.abort() } : check));
  await expect(run({ checks: killed })).rejects.toMatchObject({ code: "ABORTED" });
  stop = new AbortController();
  ran = [];
  await run({ drivers: [overlay2], code: "2" });
  expect(ran).toHaveLength(3);
});

test("a driver that does not work is asked again the next time", async () => {
  const finding = { feature: "f", ok: false, required: true, kind: "prerequisite", evidence: "no", fix: null } as const;
  const [absent] = await run({ drivers: [{ ...overlay2, probe: async () => [finding] }] });
  expect(absent).toMatchObject({ works: false, findings: [finding] });
  expect(absent?.results.every((result) => result.status === "skip")).toBe(true);
  await run({ drivers: [overlay2] });
  expect(ran).toHaveLength(3);
});
