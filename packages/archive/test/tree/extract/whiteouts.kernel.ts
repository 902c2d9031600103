import { describe, expect, test } from "vitest";
import { dir, file, hardlink, mark, names, root, symlink } from "./entries.ts";
import { applyChain, oneRefusal, oneView, viewOf } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import type { TestEntry } from "./tar-of.ts";

const scratch = scratchOnExt4();

describe("whiteouts", () => {
  const base = [root, dir("d"), file("d/a"), file("d/b"), file("x"), dir("e"), file("e/f")];

  test("hide files and directories of the view below", async () => {
    const view = await oneView(scratch, base, [mark(".wh.x"), mark(".wh.e"), mark("d/.wh.a")]);
    expect(names(view)).toEqual([".", "d", "d/b"]);
  });

  test.each([
    ["before", [mark(".wh.x"), file("x", "new")]],
    ["after", [file("x", "new"), mark(".wh.x")]],
  ])("%s the same name: the new one is there", async (_, layer) => {
    const view = await oneView(scratch, base, layer);
    expect(view.x?.data).toBe("new");
  });

  test.each([
    ["before", [mark(".wh.d"), dir("d"), file("d/new")]],
    ["after", [dir("d"), file("d/new"), mark(".wh.d")]],
    ["between", [dir("d"), mark(".wh.d"), file("d/new")]],
  ])("%s a directory of the same name: it is opaque", async (_, layer) => {
    expect(names(await oneView(scratch, base, layer))).toEqual([".", "d", "d/new", "e", "e/f", "x"]);
  });

  test("with a directory that is only implied: no attribute of the old one is left", async () => {
    const old = [root, dir("d", { mode: 0o700, uid: 7, xattrs: { "user.old": "1" } }), dir("d/s", { uid: 8 })];
    const view = await oneView(scratch, old, [file("d/s/new"), mark(".wh.d")]);
    expect(view.d).toEqual({ type: "directory", mode: "755", owner: "0:0", mtime: "0.000000000" });
    expect(view["d/s"]).toEqual({ type: "directory", mode: "755", owner: "0:0", mtime: "0.000000000" });
  });

  test.each(["before", "after"])(
    "an opaque marker %s the directory's new content hides all of the old",
    async (when) => {
      const content = [dir("d", { mode: 0o711 }), file("d/new")];
      const marker = mark("d/.wh..wh..opq");
      const view = await oneView(scratch, base, when === "before" ? [marker, ...content] : [...content, marker]);
      expect(names(view)).toEqual([".", "d", "d/new", "e", "e/f", "x"]);
      expect(view.d?.mode).toBe("711");
    },
  );

  test("an opaque marker alone empties the directory and leaves its attributes", async () => {
    const old = [root, dir("d", { mode: 0o711, uid: 3, gid: 4, mtimeSec: 77, xattrs: { "user.a": "b" } }), file("d/a")];
    const view = await oneView(scratch, old, [mark("d/.wh..wh..opq")]);
    expect(names(view)).toEqual([".", "d"]);
    expect(view.d).toMatchObject({ mode: "711", owner: "3:4", mtime: "77.000000000", xattrs: { "user.a": "b" } });
  });

  test("an opaque marker in the root hides everything below", async () => {
    const layer = [file("d/new"), file("x", "new"), mark(".wh..wh..opq")];
    const view = await oneView(scratch, base, layer);
    expect(names(view)).toEqual([".", "d", "d/new", "x"]);
    expect(view.x?.data).toBe("new");
    expect(view.d).toMatchObject({ mode: "755", mtime: "0.000000000" });
  });

  test("for names nobody has are harmless, in places nobody has too", async () => {
    const layer = [mark(".wh.nothing"), mark("d/.wh.nothing"), mark("no/where/.wh.x"), mark("n/.wh..wh..opq")];
    expect(await oneView(scratch, base, layer)).toEqual(await snapshotOf(base));
  });

  test("below a symlink of the view below delete nothing", async () => {
    const usrMerge = [root, dir("usr"), dir("usr/lib"), file("usr/lib/foo"), symlink("lib", "usr/lib")];
    const view = await oneView(scratch, usrMerge, [mark("lib/.wh.foo")]);
    expect(view["usr/lib/foo"]?.data).toBe("usr/lib/foo");
    expect(view.lib?.type).toBe("symlink");
  });

  test("in a directory that is a file below delete nothing", async () => {
    const view = await oneView(scratch, base, [mark("x/.wh.y")]);
    expect(view.x?.type).toBe("file");
  });

  test("content and odd modes of a whiteout mean nothing", async () => {
    const view = await oneView(scratch, base, [file(".wh.x", "some bytes", { mode: 0o777, uid: 9 })]);
    expect(view.x).toBeUndefined();
  });

  test("that are hard links of one another (Docker's aufs driver wrote them so) are whiteouts", async () => {
    const layer: TestEntry[] = [mark(".wh.x"), hardlink(".wh.e", ".wh.x")];
    expect(names(await oneView(scratch, base, layer))).toEqual([".", "d", "d/a", "d/b"]);
  });

  test("aufs' own files are left out, with all below them", async () => {
    const layer: TestEntry[] = [
      mark(".wh..wh.aufs"),
      dir(".wh..wh.orph"),
      dir(".wh..wh.plnk"),
      file(".wh..wh.plnk/12.34"),
      file("new"),
    ];
    expect(names(await oneView(scratch, base, layer))).toEqual([...names(await snapshotOf(base)), "new"].sort());
  });

  test.each<[string, TestEntry[], string]>([
    [".wh. without a name", [mark(".wh.")], ".wh."],
    ["for .", [mark("d/.wh..")], "d/.wh.."],
    ["for ..", [mark("d/.wh...")], "d/.wh..."],
    ["of aufs' kind but not aufs'", [mark(".wh..wh.something")], ".wh..wh.something"],
    ["that is a directory", [dir(".wh.x")], ".wh.x"],
    ["that is a symlink", [symlink("d/.wh.a", "b")], "d/.wh.a"],
    ["that is a hard link to a file", [hardlink(".wh.x", "d/a")], ".wh.x"],
    ["opaque that is a directory", [dir("d/.wh..wh..opq")], "d/.wh..wh..opq"],
    ["with a path below it", [mark(".wh.d/a")], ".wh.d/a"],
    ["in a symlink of the same archive", [symlink("s", "d"), mark("s/.wh.a")], "s/.wh.a"],
    ["opaque in a symlink of the same archive", [symlink("s", "d"), mark("s/.wh..wh..opq")], "s/.wh..wh..opq"],
    ["in a file of the same archive", [file("s"), mark("s/.wh.a")], "s/.wh.a"],
  ])("%s are refused", async (_, layer, path) => {
    const refusal = await oneRefusal(scratch, base, layer);
    expect(refusal.code).toBe("BAD_ARCHIVE");
    expect(refusal.message).toContain(JSON.stringify(path));
  });
});

async function snapshotOf(layer: TestEntry[]) {
  const [part] = await applyChain(scratch.directory("alone"), "tree", [layer]);
  return await viewOf(scratch, [part!]);
}
