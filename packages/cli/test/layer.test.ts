import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

/** On plain-copy: works for anybody. The mounting verbs are in mount.kernel.ts. */
let dir: string;
let global: string[];

beforeEach(() => {
  dir = temporaryDirectory();
  global = ["--root", path.join(dir, "store"), "--driver", "plain-copy"];
});

function makeTree(): string {
  const tree = path.join(dir, "tree");
  mkdirSync(path.join(tree, "etc"), { recursive: true });
  writeFileSync(path.join(tree, "etc/motd"), "hello\n");
  chmodSync(path.join(tree, "etc/motd"), 0o640);
  symlinkSync("motd", path.join(tree, "etc/link"));
  return tree;
}

describe("layers by command", () => {
  test("import, show, ls, usage, diff, apply, rm", () => {
    const tree = makeTree();
    const imported = copyup([...global, "layer", "import", tree]);
    expect(imported.stderr).toBe("");
    expect(imported.status).toBe(0);
    const id = imported.last;
    expect(id).toMatch(/^[0-9a-f]{16}$/);

    const tar = path.join(dir, "out.tar");
    const diff = JSON.parse(copyup([...global, "layer", "diff", id, "-o", tar, "--json"]).stdout);
    expect(diff.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(execFileSync("sha256sum", [tar]).toString()).toContain(diff.digest.slice(7));
    expect(execFileSync("tar", ["-tf", tar]).toString()).toBe("./\netc/\netc/link\netc/motd\n");

    const shown = JSON.parse(copyup([...global, "layer", "show", id, "--json"]).stdout);
    expect(shown).toMatchObject({ id, state: "committed", driver: "plain-copy", parent: null, diffId: diff.digest });

    const applied = copyup([...global, "layer", "apply", "-", "--quiet"], { input: readFileSync(tar) });
    expect(applied.status).toBe(0);
    expect(copyup([...global, "layer", "apply", tar]).status).toBe(0);
    expect(copyup([...global, "layer", "apply", tar, "--json"]).stdout).toContain(diff.digest);
    expect(
      copyup([...global, "layer", "ls"])
        .stdout.split("\n")
        .filter(Boolean),
    ).toHaveLength(5);
    expect(copyup([...global, "layer", "diff", applied.last]).stdout).toBe(readFileSync(tar).toString("latin1"));
    expect(copyup([...global, "layer", "usage", id]).stdout).toMatch(/in \d+ inodes/);
    expect(copyup([...global, "layer", "rm", applied.last]).status).toBe(0);
    expect(copyup([...global, "layer", "show", applied.last]).stderr).toContain("copyup: NOT_FOUND:");
  });

  test("an archive may come from a file of many pieces, from a fifo, and not from a directory", () => {
    const tree = makeTree();
    writeFileSync(path.join(tree, "large"), Buffer.alloc(1_000_001, "large"));
    const tar = path.join(dir, "large.tar");
    execFileSync("tar", ["-cf", tar, "-C", tree, "."]);
    const sum = execFileSync("sha256sum", [tar]).toString().slice(0, 64);
    const fromFile = JSON.parse(copyup([...global, "layer", "apply", tar, "--json"]).stdout);
    expect(fromFile).toMatchObject({ diffId: `sha256:${sum}`, bytes: 1_000_007 });
    const fifo = path.join(dir, "fifo");
    execFileSync("mkfifo", [fifo]);
    spawn("cp", [tar, fifo], { stdio: "ignore" });
    expect(JSON.parse(copyup([...global, "layer", "apply", fifo, "--json"]).stdout).diffId).toBe(fromFile.diffId);
    expect(copyup([...global, "layer", "apply", tree]).stderr).toContain(`copyup: IO: cannot read ${tree}: EISDIR`);
    expect(copyup([...global, "store", "check"]).stdout).toContain("all well");
  });

  test("create on a parent, changes, commit; the parent cannot be removed", () => {
    const base = copyup([...global, "layer", "import", makeTree()]).last;
    const box = copyup([...global, "layer", "create", "--parent", base]).last;
    const upper = JSON.parse(copyup([...global, "layer", "show", box, "--json"]).stdout).directories.upper as string;
    writeFileSync(path.join(upper, "etc/motd"), "changed\n");
    writeFileSync(path.join(upper, "new"), "");
    expect(
      copyup([...global, "layer", "changes", box])
        .stdout.split("\n")
        .filter((line) => line !== "M /"),
    ).toEqual(["M /etc/motd", "A /new", ""]);
    const removed = copyup([...global, "layer", "rm", base]);
    expect(removed.status).toBe(1);
    expect(removed.stderr).toContain(`copyup: LAYER_IN_USE:`);
    expect(removed.stderr).toContain(box);
    expect(copyup([...global, "layer", "commit", box]).last).toBe(box);
    expect(copyup([...global, "layer", "commit", box]).stderr).toContain("copyup: NOT_ACTIVE:");
    expect(copyup([...global, "store", "check"]).stdout).toContain("all well");
    expect(copyup([...global, "store", "gc"]).status).toBe(0);
    expect(copyup([...global, "explain", box]).stdout).toContain(box);
  });

  test("a diff into a fifo goes through it, and the fifo stays", async () => {
    const base = copyup([...global, "layer", "import", makeTree()]).last;
    const [fifo, out] = [path.join(dir, "fifo"), path.join(dir, "out")];
    execFileSync("mkfifo", [fifo]);
    const reader = spawn("sh", ["-c", 'cat "$0" >"$1"', fifo, out]);
    const read = once(reader, "close");
    try {
      expect(copyup([...global, "layer", "diff", base, "-o", fifo]).status).toBe(0);
      expect(lstatSync(fifo).isFIFO()).toBe(true);
      await read;
      expect(readFileSync(out, "latin1")).toBe(copyup([...global, "layer", "diff", base]).stdout);
    } finally {
      reader.kill();
    }
  });

  test("a bad parent, a bad id and a truncated tar change nothing", () => {
    const base = copyup([...global, "layer", "import", makeTree()]).last;
    const tar = copyup([...global, "layer", "diff", base]).stdout;
    const before = copyup([...global, "layer", "ls"]).stdout;
    const input = Buffer.from(tar, "latin1");
    expect(copyup([...global, "layer", "apply", "-", "--parent", "nobody"], { input }).stderr).toContain(
      "PARENT_NOT_FOUND",
    );
    expect(copyup([...global, "layer", "show", "../etc"]).stderr).toContain("BAD_ID");
    expect(copyup([...global, "layer", "apply", "-"], { input: input.subarray(0, 700) }).stderr).toContain(
      "BAD_ARCHIVE",
    );
    expect(copyup([...global, "layer", "ls"]).stdout).toBe(before);
    expect(copyup([...global, "store", "check"]).stdout).toContain("all well");
  });
});
