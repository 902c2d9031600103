import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import { AT_FDCWD, getXattr, lstatAt, setXattr } from "@copyup/linux";
import { expect, test } from "vitest";
import { dir, file, hardlink, mark, root } from "./entries.ts";
import { applyChain } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { snapshot } from "./snapshot.ts";

const scratch = scratchOnExt4();

const base = [root, dir("d"), file("d/a"), file("d/b"), dir("e"), file("e/f"), file("x"), file("y")];
const layer = [
  ...[
    mark(".wh.x"),
    mark(".wh.nothing"),
    mark("d/.wh.a"),
    mark("d/.wh.nothing"),
    mark(".wh.e"),
    dir("e"),
    file("e/new"),
  ],
  ...[mark(".wh.y"), file("y", "new"), mark("no/.wh.where"), mark("new/.wh..wh..opq"), dir("new")],
];

test.each(["overlay-trusted", "overlay-user"] as const)(
  "%s: whiteouts are devices 0:0, opaque is an xattr",
  async (dialect) => {
    const [part] = await applyChain(scratch.path, dialect, [base, layer]);
    expect(Object.keys(snapshot(part!.dir)).sort()).toEqual([".", "d", "d/a", "e", "e/new", "new", "x", "y"]);
    for (const name of ["x", "d/a"]) {
      const stat = lstatAt(AT_FDCWD, `${part!.dir}/${name}`);
      expect([stat.type, stat.rdevMajor, stat.rdevMinor]).toEqual(["char", 0, 0]);
    }
    const prefix = dialect === "overlay-user" ? "user" : "trusted";
    const opaque = (path: string) => getXattr(`${part!.dir}/${path}`, `${prefix}.overlay.opaque`)?.toString() ?? null;
    expect([opaque("e"), opaque("d"), opaque("new"), opaque(".")]).toEqual(["y", null, null, null]);
  },
);

test("aufs: whiteouts are fresh empty files of mode 0444, never beside what they hide", async () => {
  const before = process.umask(0o077);
  const [part] = await applyChain(scratch.path, "aufs", [base, layer]).finally(() => process.umask(before));
  const names = Object.keys(snapshot(part!.dir)).sort();
  expect(names).toEqual([".", ".wh.x", "d", "d/.wh.a", "e", "e/.wh..wh..opq", "e/new", "new", "y"]);
  for (const name of names.filter((path) => path.includes(".wh."))) {
    const stat = statSync(`${part!.dir}/${name}`);
    expect([stat.isFile(), stat.size, stat.mode & 0o7777, stat.nlink, stat.uid]).toEqual([true, 0, 0o444, 1, 0]);
  }
});

test("aufs: a directory over a file below is opaque, as aufs itself writes it", async () => {
  const [part] = await applyChain(scratch.path, "aufs", [
    [root, file("f"), dir("d")],
    [dir("f"), dir("d"), file("g/h")],
  ]);
  expect(readdirSync(`${part!.dir}/f`)).toEqual([".wh..wh..opq"]);
  expect(readdirSync(`${part!.dir}/d`)).toEqual([]);
});

test.each(["overlay-trusted", "aufs"] as const)(
  "%s: an opaque root is one whiteout for each name below",
  async (dialect) => {
    const [part] = await applyChain(scratch.path, dialect, [base, [mark(".wh..wh..opq"), dir("d"), file("y", "new")]]);
    const whiteout = (name: string) => (dialect === "aufs" ? `.wh.${name}` : name);
    const opaque = dialect === "aufs" ? ["d/.wh..wh..opq"] : [];
    const expected = [".", "d", ...opaque, whiteout("e"), whiteout("x"), "y"];
    expect(Object.keys(snapshot(part!.dir)).sort()).toEqual(expected.sort());
    expect(getXattr(part!.dir, "trusted.overlay.opaque")).toBeNull();
  },
);

test("an overlay layer holds what its archive holds and nothing of the view below", async () => {
  const below = [root, dir("a"), dir("a/b"), file("a/b/old"), file("a/other"), file("c")];
  const [part] = await applyChain(scratch.path, "overlay-trusted", [below, [file("a/b/new"), hardlink("h", "c")]]);
  expect(Object.keys(snapshot(part!.dir)).sort()).toEqual([".", "a", "a/b", "a/b/new", "c", "h"]);
});

test("no mark of a directory that was replaced is left, nor the place it was put aside", async () => {
  const layers = [
    base,
    [mark("d/.wh.a"), dir("d/sub"), file("d/sub/f"), file("d"), dir("e/g"), file("e"), file(".wh.nothing")],
  ];
  for (const dialect of ["overlay-trusted", "aufs", "tree"] as const) {
    const [part] = await applyChain(scratch.path, dialect, layers);
    const expected = dialect === "tree" ? [".", "d", "e", "x", "y"] : [".", "d", "e"];
    expect(Object.keys(snapshot(part!.dir)).sort()).toEqual(expected);
  }
});

test("the directory's own set-group-id bit, group and default ACL are not inherited", async () => {
  const parent = scratch.directory("inheriting");
  chownSync(parent, 0, 77);
  chmodSync(parent, 0o2775);
  const acl = Buffer.from("0200000001000700ffffffff04000500ffffffff10000700ffffffff20000500ffffffff", "hex");
  setXattr(parent, "system.posix_acl_default", acl);
  const [part] = await applyChain(parent, "tree", [[file("a/f", "", { mode: 0o640 }), dir("d", { mode: 0o750 })]]);
  const made = snapshot(part!.dir);
  expect(made["."]).toEqual({ type: "directory", mode: "755", owner: "0:0", mtime: "0.000000000" });
  expect(made.a).toEqual({ type: "directory", mode: "755", owner: "0:0", mtime: "0.000000000" });
  expect(made["a/f"]).toMatchObject({ mode: "640", owner: "0:0" });
  expect(made["a/f"]).not.toHaveProperty("xattrs");
  expect(made.d).toMatchObject({ mode: "750", owner: "0:0" });
});
