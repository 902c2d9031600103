import { describe, expect, test } from "vitest";
import { dir, file, hardlink, mark, names, root, symlink } from "./entries.ts";
import { oneRefusal, oneView } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";

const scratch = scratchOnExt4();

describe("hard links", () => {
  test("join names of the archive, symlinks and fifos too", async () => {
    const layer = [
      file("a"),
      dir("d"),
      hardlink("d/b", "a"),
      hardlink("c", "./d/b"),
      symlink("s", "a"),
      hardlink("t", "s"),
    ];
    const view = await oneView(scratch, [...layer, { path: "p", type: "fifo" }, hardlink("q", "p")]);
    expect(view.a?.same).toEqual(["c", "d/b"]);
    expect(view.t).toMatchObject({ type: "symlink", same: ["s"] });
    expect(view.q).toMatchObject({ type: "fifo", same: ["p"] });
  });

  test("to a file of the view below make one file of both names, with its attributes", async () => {
    const attributes = { mode: 0o4711, uid: 5, gid: 6, mtimeSec: 7, mtimeNsec: 8, xattrs: { "user.k": "v" } };
    const base = [root, dir("d", { uid: 9, mode: 0o711 }), file("d/old", "content", attributes), file("d/other")];
    const view = await oneView(scratch, base, [hardlink("new", "d/old")]);
    expect(view.new).toEqual({
      ...{ type: "file", mode: "4711", owner: "5:6", mtime: "7.000000008", data: "content" },
      ...{ xattrs: { "user.k": "v" }, same: ["d/old"] },
    });
    expect(view.d).toMatchObject({ owner: "9:0", mode: "711" });
    expect(view["d/other"]?.data).toBe("d/other");
  });

  test("to symlinks and devices of the view below", async () => {
    const base: Parameters<typeof oneView>[1] = [
      root,
      symlink("s", "x"),
      { path: "c", type: "char", dev: [1, 3], mode: 0o666 },
    ];
    const view = await oneView(scratch, base, [hardlink("t", "s"), hardlink("n", "c")]);
    expect(view.t).toMatchObject({ link: "x", same: ["s"] });
    expect(view.n).toMatchObject({ dev: "1:3", mode: "666", same: ["c"] });
  });

  test("to a large file of the view below, whose content comes later, and to its new name", async () => {
    const large = Buffer.alloc(5 << 20, "0123456789").toString();
    const base = [root, file("large", large, { mode: 0o600, mtimeSec: 3 })];
    const view = await oneView(scratch, base, [hardlink("a", "large"), hardlink("b", "a"), file("large", "replaced")]);
    expect(view.a).toMatchObject({ mode: "600", mtime: "3.000000000", same: ["b"] });
    expect(view.a?.data === large).toBe(true);
    expect(view.large?.data).toBe("replaced");
  });

  test("break from their siblings in the view below", async () => {
    const base = [root, file("1"), hardlink("2", "1"), hardlink("3", "1")];
    const view = await oneView(scratch, base, [hardlink("4", "2")]);
    expect(view["4"]?.same).toEqual(["2"]);
    expect(view["1"]?.same).toEqual(["3"]);
  });

  test("find their target through symlinks of the archive and of the view below", async () => {
    const base = [root, dir("usr"), dir("usr/lib"), file("usr/lib/f"), symlink("lib", "usr/lib")];
    const view = await oneView(scratch, base, [symlink("s", "lib"), hardlink("a", "s/f"), hardlink("b", "lib/f")]);
    expect(view["usr/lib/f"]?.same).toEqual(["a", "b"]);
    expect(view.lib?.type).toBe("symlink");
  });

  test("replace what is there, be it the directory their target lies in", async () => {
    const view = await oneView(scratch, [
      dir("d"),
      file("d/f", "kept"),
      hardlink("d", "d/f"),
      file("x"),
      hardlink("x", "d"),
    ]);
    expect(names(view)).toEqual([".", "d", "x"]);
    expect(view.x).toMatchObject({ data: "kept", same: ["d"] });
  });

  test("to themselves change nothing", async () => {
    expect((await oneView(scratch, [file("a"), hardlink("a", "a")])).a?.data).toBe("a");
    expect((await oneView(scratch, [file("a")], [hardlink("a", "a")])).a?.data).toBe("a");
  });

  test.each([
    ["a missing file", [hardlink("a", "nowhere")]],
    ["a file in a missing directory", [hardlink("a", "no/where")]],
    ["a later entry", [hardlink("a", "b"), file("b")]],
    ["a directory", [dir("d"), hardlink("a", "d")]],
    ["a directory below", [hardlink("a", "below")]],
    ["the root", [hardlink("a", "/")]],
    ["a whiteout", [mark(".wh.file"), hardlink("a", ".wh.file")]],
    ["below a whiteout", [hardlink("a", ".wh.below/x")]],
    ["an opaque marker", [hardlink("a", "below/.wh..wh..opq")]],
    ["something outside", [hardlink("a", "../file")]],
    ["something outside, through a symlink", [symlink("s", "../.."), hardlink("a", "s/tmp")]],
    ["a file in a file", [file("f"), hardlink("a", "f/x")]],
    ["what the archive deletes, before", [mark(".wh.file"), hardlink("a", "file")]],
    ["what the archive deletes, after", [hardlink("a", "file"), mark(".wh.file")]],
    ["what is in a directory the archive deletes", [hardlink("a", "below/f"), mark(".wh.below")]],
    ["what is in a directory the archive empties", [hardlink("a", "below/f"), mark("below/.wh..wh..opq")]],
  ])("to %s are refused", async (_, layer) => {
    const base = [root, file("file"), dir("below"), file("below/f")];
    expect(await oneRefusal(scratch, base, layer)).toMatchObject({ code: "BAD_ARCHIVE" });
  });

  test("to a file that the archive deletes and brings again are links to the new one", async () => {
    const view = await oneView(
      scratch,
      [root, file("f", "old")],
      [mark(".wh.f"), file("f", "new"), hardlink("g", "f")],
    );
    expect(view.g).toMatchObject({ data: "new", same: ["f"] });
  });
});
