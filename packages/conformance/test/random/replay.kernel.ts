import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { afterAll, beforeAll, expect, test } from "vitest";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import { runSuite } from "../../src/run/run-suite.ts";
import { type LoopImage, mountLoopImage } from "../../src/scratch/index.ts";
import { withoutClaim } from "../broken/without-claim.ts";

const copyup = path.resolve(import.meta.dirname, "../../../../copyup");
let directory: string;
let image: LoopImage;

beforeAll(() => {
  // It builds itself first.
  execFileSync(copyup, ["--version"], { stdio: "pipe" });
  directory = mkdtempSync(path.join(os.tmpdir(), "copyup-replay-test-"));
  const target = mkdtempSync(path.join(directory, "mnt-"));
  image = mountLoopImage({ file: path.join(directory, "image"), sizeBytes: 2 ** 30, filesystem: "ext4", target });
}, 240_000);
afterAll(async () => {
  image.close();
  await removeTree(directory);
});

/** overlay2 as it is, with a profile that conceals one thing: so the real command shows what the suite saw. */
async function scriptOf(concealed: string, id: string): Promise<string> {
  const driver = {
    ...overlay2,
    profile: (...where: Parameters<typeof overlay2.profile>) => withoutClaim(overlay2.profile(...where), concealed),
  };
  const [result] = await runSuite({ drivers: [driver], work: image.target, only: [id], seed: 11 });
  expect(result).toMatchObject({ status: "fail", seed: 11 });
  expect(result?.reason).toMatch(/seed 11, program \d+, after \d+ shrinks/);
  const script = result?.evidence?.find(({ title }) => title === "replay.sh")?.text ?? "";
  expect(script).toContain("seed 11");
  const file = path.join(directory, `${concealed}.sh`);
  writeFileSync(file, script);
  return file;
}

function replay(file: string, driver: string) {
  const env = { ...process.env, COPYUP: copyup, DRIVER: driver, WORK: image.target };
  const { status, stdout, stderr } = spawnSync("sh", [file], { env, encoding: "utf8", timeout: 60_000 });
  expect(readdirSync(image.target).filter((name) => name.startsWith("copyup-replay"))).toEqual([]);
  return { status, told: stdout + stderr };
}

test("a failure's script shows the difference with the real command, and none with a driver that has none", async () => {
  const file = await scriptOf("CU07", "RD01");
  const shown = replay(file, "overlay2");
  expect(shown.told).toMatch(/DIFFERS/);
  expect(shown.status).toBe(1);
  expect(replay(file, plainCopy.name)).toEqual({ status: 0, told: "" });
});

test("so does the script of an edit that is refused", async () => {
  const file = await scriptOf("WH09", "RD01");
  expect(replay(file, "overlay2")).toMatchObject({ status: 1, told: expect.stringContaining("what the edits said") });
  expect(replay(file, plainCopy.name)).toEqual({ status: 0, told: "" });
});
