import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckResult } from "../../packages/conformance/src/index.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** A copy of this checkout as it stands, a repository of its own, installed. */
let copy = "";
let output = "";

function inCopy(command: string, ...args: string[]) {
  const env = { ...process.env, PATH: `${copy}/node_modules/.bin:${process.env.PATH ?? ""}` };
  return spawnSync(command, args, { cwd: copy, encoding: "utf8", env, maxBuffer: 64 * 1024 * 1024 });
}

function expectDone(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = inCopy(command, ...args);
  expect(status, `${command} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const changes = () => expectDone("git", "status", "--porcelain").trimEnd().split("\n").filter(Boolean).sort();

/** Half a minute of both cores, for an installation of its own: where CI=true, as .ci/run says it. */
describe.runIf(process.env.CI === "true")("npm run new-driver NAME", { timeout: 120_000 }, () => {
  beforeAll(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), "copyup-new-driver-"));
    const listed = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], { cwd: root, encoding: "utf8" });
    // What is built comes along with its times, so that it need not be built again.
    const built = globSync("packages/*/dist", { cwd: root });
    for (const file of [...listed.split("\0").filter(Boolean), ...built].filter((file) =>
      existsSync(path.join(root, file)),
    )) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
      cpSync(path.join(root, file), path.join(copy, file), { recursive: true, preserveTimestamps: true });
    }
    expectDone("git", "init", "-q");
    expectDone("git", "add", "-A");
    expectDone("git", "-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-qm", "all");
    output = expectDone("npm", "run", "-s", "new-driver", "some-tree", "--", "--kind", "tree");
  }, 180_000);
  afterAll(() => rmSync(copy, { recursive: true, force: true }), 60_000);

  test("adds one package and joins it where drivers are listed", () => {
    expect(changes()).toEqual([
      " M packages/runtime/package.json",
      " M packages/runtime/src/drivers.ts",
      " M packages/runtime/tsconfig.json",
      " M pnpm-lock.yaml",
      " M tools/references.json",
      " M tsconfig.json",
      "?? packages/some-tree/",
    ]);
    const left = ["new-driver.*(?<!adding)", "packages/[a-z]+/src/index", "union\\.ts"].map(
      (word) => inCopy("grep", "-rnP", word, "packages/some-tree/src", "packages/some-tree/test").stdout,
    );
    expect(left.join("")).toBe("");
  });

  test("compiles, lints, and the references are right", () => {
    expectDone("tsc", "-b");
    expectDone("tsc", "-p", "tsconfig.test.json");
    expectDone(
      "biome",
      "ci",
      "--diagnostic-level=warn",
      "packages/some-tree",
      "packages/runtime",
      "tools",
      "tsconfig.json",
    );
    expectDone("node", "tools/check-references.ts");
  });

  test("is a driver that fails each check by saying what is to be written", () => {
    const { status, stdout } = inCopy(
      "./copyup",
      "conform",
      "some-tree",
      "--only",
      "LA",
      "--only",
      "DA",
      "--format",
      "jsonl",
    );
    const results = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as CheckResult);
    const ran = results.filter((result) => result.status !== "skip");
    expect(ran.length).toBeGreaterThan(10);
    for (const result of ran) {
      expect(result.status).toBe("fail");
      expect(result.reason).toContain("NOT_IMPLEMENTED: create is not written yet: ");
      expect(result.reason).toContain("(packages/some-tree/src/create.ts)");
    }
    expect(status).toBe(1);
  });

  test("passes what can pass already", () => {
    const report = path.join(copy, "report.json");
    inCopy("vitest", "run", "--project", "unit", "packages/some-tree", "--reporter=json", `--outputFile=${report}`);
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
    };
    rmSync(report);
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = tests.filter((test) => test.status !== "passed");
    expect(tests.length - failed.length).toBe(5);
    expect(failed.map((test) => test.failureMessages[0]?.split("\n")[0])).toEqual([
      expect.stringContaining("create is not written yet: "),
      expect.stringContaining("plan is not written yet: "),
    ]);
  });

  test("the other kind compiles too", () => {
    const before = changes();
    // Without the installation, which takes as long again.
    expectDone(
      "node",
      "-e",
      `
      import("./tools/new-driver-files.ts").then(async ({ packageFiles }) => {
        const fs = await import("node:fs");
        for (const [file, text] of packageFiles("some-tree", "union")) fs.writeFileSync(file, text);
      })`,
    );
    expectDone("tsc", "-b");
    expectDone("tsc", "-p", "tsconfig.test.json");
    expect(changes()).toEqual(before);
  });

  test.each([
    ["some-tree", "there is a packages/some-tree already"],
    ["overlay2", "there is a packages/overlay2 already"],
    ["Some", "is no driver's name"],
    ["../x", "is no driver's name"],
    ["a--b", "is no driver's name"],
    ["-a", "usage: "],
  ])("refuses %s and changes nothing", (name, why) => {
    const before = changes();
    const { status, stderr } = inCopy("node", "tools/new-driver.ts", name);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(changes()).toEqual(before);
  });

  test("tells how to undo it", () => {
    const undo = /^To undo it: (.*)$/m.exec(output)?.[1];
    expectDone("sh", "-c", undo ?? "false");
    expect(changes()).toEqual([]);
    expect(existsSync(path.join(copy, "packages/some-tree"))).toBe(false);
    expectDone("tsc", "-b");
  });
});
