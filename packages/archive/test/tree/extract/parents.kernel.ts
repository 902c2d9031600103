import { describe, expect, test } from "vitest";
import { dir, file, mark, names, root, symlink } from "./entries.ts";
import { oneRefusal, oneView } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";

const scratch = scratchOnExt4();
const DEFAULTS = { type: "directory", mode: "755", owner: "0:0", mtime: "0.000000000" };

describe("directories without an entry", () => {
  test("have 0755, 0:0 and the epoch where nothing is below, and so has the root of a base", async () => {
    const view = await oneView(scratch, [file("a/b/c")]);
    expect(view["."]).toEqual(DEFAULTS);
    expect(view.a).toEqual(DEFAULTS);
    expect(view["a/b"]).toEqual(DEFAULTS);
  });

  test("have what they have in the view below, to the nanosecond and the xattr", async () => {
    const attributes = {
      mode: 0o1770,
      uid: 11,
      gid: 12,
      mtimeSec: -3,
      mtimeNsec: 123_456_789,
      xattrs: { "user.k": "v\0w" },
    };
    const base = [
      { ...root, ...attributes },
      dir("a", attributes),
      dir("a/b", { ...attributes, mode: 0o2755 }),
      file("a/b/old"),
    ];
    const view = await oneView(scratch, base, [file("a/b/new")]);
    const below = {
      type: "directory",
      mode: "1770",
      owner: "11:12",
      mtime: "-3.123456789",
      xattrs: { "user.k": "v\0w" },
    };
    expect(view["."]).toEqual(below);
    expect(view.a).toEqual(below);
    expect(view["a/b"]).toEqual({ ...below, mode: "2755" });
    expect(names(view)).toEqual([".", "a", "a/b", "a/b/new", "a/b/old"]);
  });

  test("inherit no ACL, and keep the default ACL they have below", async () => {
    const acl = Buffer.from("0200000001000700ffffffff04000500ffffffff10000700ffffffff20000500ffffffff", "hex");
    const base = [root, dir("a", { xattrs: { "system.posix_acl_default": acl } })];
    const view = await oneView(scratch, base, [file("a/new", "", { mode: 0o644 }), dir("a/sub/dir")]);
    expect(view.a?.xattrs).toEqual({ "system.posix_acl_default": acl.toString("latin1") });
    expect(view["a/new"]).not.toHaveProperty("xattrs");
    expect(view["a/sub"]).not.toHaveProperty("xattrs");
    expect(view["a/sub/dir"]).not.toHaveProperty("xattrs");
    expect(view["a/new"]?.mode).toBe("644");
  });

  test("hide a symlink or a file below (usr-merge)", async () => {
    const base = [root, dir("usr"), dir("usr/lib"), file("usr/lib/foo", "usr's"), symlink("lib", "usr/lib"), file("f")];
    const view = await oneView(scratch, base, [file("lib/foo", "lib's"), file("f/x")]);
    expect(view.lib).toEqual(DEFAULTS);
    expect(view["lib/foo"]?.data).toBe("lib's");
    expect(view["usr/lib/foo"]?.data).toBe("usr's");
    expect(view.f).toEqual(DEFAULTS);
  });

  test("show nothing of an older directory that a file between hides", async () => {
    const base = [root, dir("d"), file("d/oldest")];
    const view = await oneView(scratch, base, [file("d", "a file now")], [file("d/new")]);
    expect(names(view)).toEqual([".", "d", "d/new"]);
  });

  test("get their entry's attributes when it comes later", async () => {
    const late = dir("a", { mode: 0o2711, uid: 5, mtimeSec: 9, xattrs: { "user.x": "y" } });
    const view = await oneView(scratch, [file("a/b"), late]);
    expect(view.a).toMatchObject({ mode: "2711", owner: "5:0", mtime: "9.000000000", xattrs: { "user.x": "y" } });
    expect(view["a/b"]?.data).toBe("a/b");
  });
});

describe("directories with an entry", () => {
  test("over a symlink or a file below replace it", async () => {
    const base = [root, dir("usr"), file("usr/x"), symlink("l", "usr"), file("f")];
    const view = await oneView(scratch, base, [dir("l"), dir("f")]);
    expect(names(view)).toEqual([".", "f", "l", "usr", "usr/x"]);
    expect(view.l?.type).toBe("directory");
  });

  test("are merged with the directory below, with their own attributes", async () => {
    const base = [root, dir("d", { uid: 3, xattrs: { "user.old": "1" } }), file("d/a")];
    const view = await oneView(scratch, base, [dir("d", { mode: 0o500, uid: 4 })]);
    expect(names(view)).toEqual([".", "d", "d/a"]);
    expect(view.d).toMatchObject({ mode: "500", owner: "4:0" });
    expect(view.d).not.toHaveProperty("xattrs");
  });

  test("a file over a directory hides all of it, a directory over that file starts empty", async () => {
    const base = [root, dir("d"), file("d/a")];
    expect(names(await oneView(scratch, base, [file("d")]))).toEqual([".", "d"]);
  });

  test("the root's entry says the root's attributes", async () => {
    const base = [{ ...root, mode: 0o700, xattrs: { "user.below": "1" } }];
    const view = await oneView(scratch, base, [
      dir("", { mode: 0o1777, uid: 2, gid: 3, mtimeSec: 4, xattrs: { "user.own": "2" } }),
    ]);
    expect(view["."]).toEqual({
      type: "directory",
      mode: "1777",
      owner: "2:3",
      mtime: "4.000000000",
      xattrs: { "user.own": "2" },
    });
  });

  test.each(["/", ".", "./"])("%j as anything but a directory is refused", async (path) => {
    expect(await oneRefusal(scratch, [symlink(path, "x")])).toMatchObject({ code: "BAD_ARCHIVE" });
    expect(await oneRefusal(scratch, [file(path)])).toMatchObject({ code: "BAD_ARCHIVE" });
  });
});

describe("symlinks of the same archive", () => {
  test("are followed to a directory of the archive", async () => {
    const view = await oneView(scratch, [
      dir("a"),
      symlink("s", "a"),
      file("s/f"),
      symlink("t", "/s/../a/"),
      file("t/g"),
    ]);
    expect(names(view)).toEqual([".", "a", "a/f", "a/g", "s", "t"]);
  });

  test("are followed to a directory that only the view below has, which keeps its attributes", async () => {
    const base = [root, dir("usr", { uid: 7 }), dir("usr/lib", { mode: 0o711 }), file("usr/lib/old")];
    const view = await oneView(scratch, base, [symlink("lib", "usr/lib"), file("lib/new")]);
    expect(names(view)).toEqual([".", "lib", "usr", "usr/lib", "usr/lib/new", "usr/lib/old"]);
    expect(view["usr/lib"]).toMatchObject({ mode: "711" });
    expect(view.usr).toMatchObject({ owner: "7:0" });
  });

  test("are followed through a symlink that only the view below has", async () => {
    const base = [root, dir("usr"), dir("usr/lib"), symlink("lib", "usr/lib")];
    const view = await oneView(scratch, base, [symlink("s", "lib/deep"), file("s/f")]);
    expect(view["usr/lib/deep/f"]?.data).toBe("s/f");
    expect(view.lib?.type).toBe("symlink");
  });

  test("with an absolute target, or one that climbs, stay inside the root", async () => {
    const layer = [symlink("s", "/etc"), file("s/f"), dir("d"), symlink("d/t", "../../../../../../etc"), file("d/t/g")];
    expect(names(await oneView(scratch, layer))).toEqual([".", "d", "d/t", "etc", "etc/f", "etc/g", "s"]);
  });

  test("that dangle get their target made", async () => {
    const view = await oneView(scratch, [symlink("s", "no/where"), file("s/f")]);
    expect(view["no/where/f"]?.data).toBe("s/f");
    expect(view["no/where"]).toEqual(DEFAULTS);
  });

  test.each([
    ["a loop", [symlink("a", "b"), symlink("b", "a"), file("a/f")]],
    ["a symlink to itself", [symlink("a", "a/x"), file("a/f")]],
    ["a symlink to a file", [file("f"), symlink("a", "f"), file("a/x")]],
    ["a file", [file("a"), file("a/f")]],
    ["a symlink to a whiteout's name", [symlink("a", ".wh.x"), file("a/f")]],
    ["a symlink to a name below a whiteout", [symlink("a", "d/.wh.x/d"), file("a/f")]],
  ])("%s in the path is refused", async (_, layer) => {
    expect(await oneRefusal(scratch, layer)).toMatchObject({ code: "BAD_ARCHIVE" });
  });

  test("to a file of the view below is refused", async () => {
    expect(await oneRefusal(scratch, [root, file("f")], [symlink("a", "f"), file("a/x")])).toMatchObject({
      code: "BAD_ARCHIVE",
    });
  });
});

describe("duplicate entries", () => {
  test("the last wins, whatever the types", async () => {
    const kinds = [
      file("x", "one"),
      dir("x"),
      file("x/in"),
      symlink("x", "y"),
      { path: "x", type: "fifo" as const },
      file("x", "two"),
    ];
    const view = await oneView(scratch, kinds);
    expect(names(view)).toEqual([".", "x"]);
    expect(view.x?.data).toBe("two");
  });

  test("a directory twice keeps its children and has the last attributes", async () => {
    const first = dir("d", { mode: 0o700, xattrs: { "user.a": "1", "user.b": "1" } });
    const view = await oneView(scratch, [
      first,
      file("d/f"),
      dir("d", { mode: 0o4755, uid: 1, xattrs: { "user.b": "2" } }),
    ]);
    expect(view.d).toMatchObject({ mode: "4755", owner: "1:0", xattrs: { "user.b": "2" } });
    expect(view["d/f"]?.data).toBe("d/f");
  });

  test("a directory that was a file in between has none of its first content, but the view below shows", async () => {
    const base = [root, dir("d"), file("d/below")];
    const view = await oneView(scratch, base, [
      dir("d"),
      dir("d/e"),
      file("d/e/first"),
      file("d"),
      dir("d"),
      file("d/second"),
    ]);
    expect(names(view)).toEqual([".", "d", "d/below", "d/second"]);
  });

  test("a whiteout outlives what replaces the directory", async () => {
    const base = [root, dir("d"), file("d/below")];
    const view = await oneView(scratch, base, [dir("d"), file("d/first"), mark(".wh.d"), file("d"), dir("d")]);
    expect(names(view)).toEqual([".", "d"]);
  });

  test("a symlink replaced between two entries leads elsewhere for the second", async () => {
    const view = await oneView(scratch, [
      dir("a"),
      dir("b"),
      symlink("s", "a"),
      file("s/1"),
      symlink("s", "b"),
      file("s/2"),
    ]);
    expect(names(view)).toEqual([".", "a", "a/1", "b", "b/2", "s"]);
  });

  test("a directory replaced by a symlink between two entries takes its content with it", async () => {
    const view = await oneView(scratch, [dir("o"), dir("d"), file("d/1"), symlink("d", "o"), file("d/2")]);
    expect(names(view)).toEqual([".", "d", "o", "o/2"]);
  });
});
