import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { changesBetween, packLayer } from "@copyup/archive";
import type { Dialect } from "@copyup/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Branches written as aufs 6.1 left them in a guest, read on any kernel: what a mount would show, and nothing of aufs' own. */

let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/aufs-`);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs in a fresh directory; every name in it has one time afterwards. */
function made(name: string, script: string): string {
  const dir = `${root}/${name}`;
  mkdirSync(dir, { mode: 0o755 });
  execFileSync("bash", ["-ec", `umask 022\n${script}\nfind . -exec touch -h -d @1000000000 {} +`], { cwd: dir });
  return dir;
}

const LOWER =
  "mkdir -p d/sub gone/deep; echo a > d/a; echo b > d/sub/b; echo f > f; echo h > h1; ln h1 h2; echo k > kept";
/** What it does itself at the first writable mount. */
const OWN = "touch .wh..wh.aufs; mkdir .wh..wh.plnk .wh..wh.orph";
const WHITEOUT = 'wh() { ln .wh..wh.aufs "$1"; }';

function compared(upper: string, plain: string) {
  const part = (dir: string, dialect: Dialect) => [{ dir, dialect }];
  const lower = made("lower", LOWER);
  const [aufs, tree] = [made("upper", `${OWN}\n${WHITEOUT}\n${upper}`), made("plain", `${LOWER}\n${plain}`)];
  return {
    aufs: { above: [...part(aufs, "aufs"), ...part(lower, "aufs")], below: part(lower, "aufs") },
    tree: { above: part(tree, "tree"), below: part(lower, "tree") },
  };
}

async function told(comparison: Parameters<typeof packLayer>[0]) {
  const changes: string[] = [];
  for await (const { kind, path } of changesBetween(comparison))
    changes.push(`${kind} ${Buffer.from(path).toString()}`);
  const bytes: Uint8Array[] = [];
  for await (const piece of packLayer(comparison)) bytes.push(piece);
  return { changes, archive: Buffer.concat(bytes) };
}

describe("what is exported of an aufs branch is what two plain directories give, byte for byte", () => {
  it.each([
    ["whiteouts that are all one inode", "wh .wh.f; wh .wh.gone", "rm -r f gone", ["delete f", "delete gone"]],
    [
      "a directory made anew, whose marker is no deletion",
      "mkdir d; wh d/.wh..wh..opq; echo n > d/new",
      "rm -r d; mkdir d; echo n > d/new",
      ["delete d/a", "delete d/sub", "add d/new"],
    ],
    [
      "a file whose second link is a note among the pseudo-links",
      "echo new > h1; ln h1 .wh..wh.plnk/12.345; echo x > .wh..wh.plnk/7.8",
      "rm h1; echo new > h1",
      ["modify h1"],
    ],
    [
      "a group that was made real",
      "echo new > h1; ln h1 h2; ln h1 .wh..wh.plnk/12.345",
      "echo new > h1",
      ["modify h1", "modify h2"],
    ],
    [
      "what a crash left among the orphans",
      "mkdir -p .wh..wh.orph/.wh.dead/x; echo x > .wh..wh.orph/.wh.dead/y",
      "",
      [],
    ],
    ["a file over a directory", "echo now > gone", "rm -r gone; echo now > gone", ["modify gone"]],
    ["copied up, and equal", "cp -p ../lower/kept kept; mkdir d; cp -p ../lower/d/a d/a", "", []],
  ])("%s", async (_, upper, plain, changes) => {
    const { aufs, tree } = compared(upper, plain);
    const [seen, expected] = [await told(aufs), await told(tree)];
    expect(seen.changes).toEqual(expected.changes);
    expect(seen.changes).toEqual(changes);
    expect(seen.archive.equals(expected.archive)).toBe(true);
    for (const own of ["plnk", "orph", ".aufs", ".opq"]) expect(seen.archive.includes(own)).toBe(false);
  });
});
