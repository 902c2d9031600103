import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

/** On plain-copy, from an aufs graph: works for anybody, on a kernel without aufs. */
let dir: string;
let docker: string;
let global: string[];
const [base, app] = ["ba5e".repeat(16), "a99".repeat(21)] as const;

beforeEach(() => {
  dir = temporaryDirectory();
  docker = path.join(dir, "docker");
  global = ["--root", path.join(dir, "store"), "--driver", "plain-copy"];
  layer(base, "", "mkdir d; echo low > d/low; echo f > file");
  layer(app, base, "mkdir d; : > d/.wh..wh..opq; echo new > d/new; : > .wh.file");
});

function layer(id: string, parent: string, script: string): void {
  mkdirSync(path.join(docker, "aufs/layers"), { recursive: true });
  mkdirSync(path.join(docker, "aufs/diff", id), { recursive: true });
  writeFileSync(path.join(docker, "aufs/layers", id), parent === "" ? "" : `${parent}\n`);
  execFileSync("bash", ["-ec", script], { cwd: path.join(docker, "aufs/diff", id) });
}

const importing = (...more: string[]) =>
  copyup([...global, "store", "import", "--from", "docker-aufs", docker, ...more]);

describe("store import", () => {
  test("prints old and new ids, the same ones again, and what the layers hold", () => {
    const first = importing();
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(new RegExp(`^${base} [0-9a-f]{16}\n${app} [0-9a-f]{16}\n$`));
    expect(importing().stdout).toBe(first.stdout);
    const id = first.last.split(" ")[1]!;
    const tar = copyup([...global, "layer", "diff", id]).stdout;
    const names = execFileSync("tar", ["-t"], { input: Buffer.from(tar, "latin1"), encoding: "utf8" });
    expect(names.replace(/^\.\/\n/, "")).toBe(".wh.file\nd/\nd/.wh.low\nd/new\n");
    const shown = JSON.parse(copyup([...global, "layer", "show", id, "--json"]).stdout);
    expect(shown.labels).toEqual({ "from.engine": "docker-aufs", "from.id": app });
    const { layers, failed, leftOut, notes } = JSON.parse(importing("--json").stdout);
    expect(layers).toMatchObject([
      { oldId: base, reused: true },
      { oldId: app, newId: id, names: [] },
    ]);
    expect([failed, leftOut]).toEqual([[], []]);
    expect(notes.join()).toContain("layerdb");
  });

  test("names what it cannot import, and imports the rest: exit 1", () => {
    layer("child", "nobody", "echo c > c");
    const run = importing();
    expect(run.status).toBe(1);
    expect(run.stdout.split("\n")).toHaveLength(3);
    expect(run.stderr).toContain("copyup: CORRUPT: layer child: layer nobody, the parent of child, is missing");
  });

  test("a wrong path or engine makes no store", () => {
    const wrong = copyup([...global, "store", "import", "--from", "docker-overlay2", docker]);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain("copyup: BAD_OPTION:");
    expect(wrong.stderr).toContain("it holds aufs");
    expect(copyup([...global, "store", "import", "--from", "rkt", docker]).stderr).toContain("known are docker-aufs");
    expect(copyup([...global, "store", "import", docker]).status).toBe(2);
    expect(existsSync(path.join(dir, "store"))).toBe(false);
  });
});
