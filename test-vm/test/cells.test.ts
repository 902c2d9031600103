import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cellName, cellsOf, commandOf, guestsOf, jobOf } from "../cells.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { Remaining } from "../remaining.ts";
import { parseRequest, type Request } from "../request.ts";
import { SavedCells } from "../saved-cells.ts";

const directory = () => {
  const made = mkdtempSync(path.join(tmpdir(), "copyup-cells-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};
const debian = (version: string, image = "/k"): Kernel => ({
  name: `debian-${version}`,
  image,
  moduleRoot: "/m",
  release: `${version}.0`,
  package: `Debian ${version}.9-1`,
});
const own: Kernel = { name: "bzImage", image: "/b", moduleRoot: null, release: null, package: null };
const request = (...args: string[]) => parseRequest(args) as Request;

test("the matrix: the whole suite on ext4, the filesystem's rows elsewhere, aufs where a kernel was given", () => {
  const cells = cellsOf(request("--matrix", "--kernel", "/b"), [debian("5.10"), debian("7.x"), own]);
  expect(cells).toHaveLength(2 * 4 * 3 + 4);
  expect(cells.filter(({ kernel }) => kernel === own).map(cellName)).toEqual(
    ["ext4", "xfs", "btrfs", "tmpfs"].map((filesystem) => `bzImage ${filesystem} aufs`),
  );
  for (const cell of cells) {
    expect(cell.filesystemRows).toBe(cell.filesystem !== "ext4");
    expect(commandOf(cell, request("--matrix")).includes("--filesystem-rows")).toBe(cell.filesystemRows);
  }
  // A whole suite has a guest of its own; the rows of the others share one.
  expect(guestsOf(cells).map((guest) => guest.length)).toEqual(expect.arrayContaining([1, 3]));
  expect(guestsOf(cells)).toHaveLength(2 * 3 * 2 + 2);
});

test("a guest of a single request runs the whole suite everywhere, one filesystem each", () => {
  const cells = cellsOf(request("--fs", "ext4,xfs"), [debian("6.1")]);
  expect(cells.some(({ filesystemRows }) => filesystemRows)).toBe(false);
  expect(guestsOf(cells)).toHaveLength(4);
});

test("the job runs each cell, tells which and how it ended, and ends with the last one's status", () => {
  const work = directory();
  const cells = cellsOf(request("--matrix", "--driver", "overlay2", "--fs", "ext4,xfs,btrfs"), [debian("6.1")]);
  const job = jobOf(cells, request("--only", "CU"))
    .replaceAll("/run/cells/", `${work}/`)
    // An ordinary user may run this test.
    .replaceAll(/ unshare -m --propagation private --/g, "")
    .replace(/^node /gm, "sh run ");
  writeFileSync(
    path.join(work, "run"),
    `shift 5; echo "{\\"id\\":\\"CU01\\",\\"at\\":\\"$*\\"}"; for last; do :; done; mkdir "$last"; echo '{"type":"copyup-cell"}' > "$last/cell.json"; exit $(basename "$last")\n`,
  );
  writeFileSync(path.join(work, "mounts"), "/dev/vda /mnt/ext4 ext4 rw 0 0\n/dev/vdb /mnt/xfs xfs rw 0 0\n");
  const env = { ...process.env, MOUNTS: path.join(work, "mounts") };
  const done = spawnSync("sh", ["-c", "exec 3> out; sh -s"], { cwd: work, input: job, env });
  expect(done.stderr.toString()).toBe("");
  expect(done.status).toBe(3);
  const lines = readFileSync(path.join(work, "out"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type, id, at, status }) => [type ?? id, type ? at : undefined, status])).toEqual([
    ["cell", 0, undefined],
    ["CU01", undefined, undefined],
    ["copyup-cell", undefined, undefined],
    ["cell-end", 0, 0],
    ["cell", 1, undefined],
    ["CU01", undefined, undefined],
    ["copyup-cell", undefined, undefined],
    ["cell-end", 1, 1],
    // Without its filesystem the command would work in what lies below the mount point.
    ["cell", 2, undefined],
    ["cannot", undefined, undefined],
    ["cell-end", 2, 3],
  ]);
  expect(lines[0].release).toMatch(/^\d+\./);
});

test("what is left is reckoned from what the cells so far took", () => {
  const cells = cellsOf(request("--matrix"), [debian("6.1")]);
  const [first, ...others] = cells as [(typeof cells)[0], ...typeof cells];
  const slow = new Remaining(cells, 2);
  const fast = new Remaining(cells, 2);
  expect(slow.text()).toBe("");
  slow.done(first, 1200);
  fast.done(first, 120);
  const minutes = (text: string) => Number(/about (\d+) min/.exec(text)?.[1]);
  expect(slow.text()).toMatch(/^11 cells left/);
  expect(minutes(slow.text()) / minutes(fast.text())).toBeCloseTo(10, -1);
  for (const cell of others) slow.done(cell, null);
  expect(slow.text()).toBe("");
});

test("a saved cell is taken for the same code, command and kernel alone; one that died is run again", () => {
  const work = directory();
  const image = path.join(work, "image");
  writeFileSync(image, "kernel");
  const asked = request("--only", "CU");
  const [cell] = cellsOf(asked, [debian("6.1", image)]);
  const saved = (code: string, one = asked) => new SavedCells(path.join(work, "results"), code, one, "abc");
  const record = { type: "copyup-cell", commit: null, host: { kernelRelease: "6.1.0" }, results: [{ id: "CU01" }] };
  expect(saved("1").get(cell!)).toBeNull();
  saved("1").set(cell!, JSON.stringify(record));
  expect(saved("1").get(cell!)).toEqual([{ id: "CU01" }]);
  expect(saved("2").get(cell!)).toBeNull();
  expect(saved("1", request("--only", "WH")).get(cell!)).toBeNull();
  const file = path.join(work, "results/debian-6.1-ext4-overlay2.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    commit: "abc",
    host: { kernelPackage: "Debian 6.1.9-1" },
  });
  const outcome = { cell: cell!, results: [], record: null, status: null, seconds: 1, release: "6.1.0", cannot: null };
  saved("1").setWithoutRecord(outcome, [{ id: "GUEST", title: "lives", status: "fail", reason: "panic" }]);
  expect(saved("1").get(cell!)).toBeNull();
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ driver: "overlay2", results: [{ id: "GUEST" }] });
  saved("1").setWithoutRecord({ ...outcome, cannot: "no xfs" }, []);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ works: false, findings: [{ evidence: "no xfs" }] });
  expect(saved("1").get(cell!)).toBeNull();
});
