import type { Dialect } from "@copyup/core";
import { AT_FDCWD, isSystemError, mknodAt, S_IFCHR, setXattr } from "@copyup/linux";
import { expect, type TestContext, test } from "vitest";
import { openView, ViewCursor, type ViewParts } from "../../../src/tree/index.ts";
import { openBelow } from "../support/open-below.ts";
import { scratch } from "../support/scratch.ts";

/** What every name of a view holds, read from the real files. */
function content(parts: ViewParts): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (directory: NonNullable<ReturnType<typeof openView>>) => {
    for (const name of directory.names()) {
      const entry = directory.lookup(name)!;
      const path = directory.path === "" ? name : `${directory.path}/${name}`;
      found[path] = entry.stat.type === "directory" ? "/" : String(entry.part);
      const child = directory.child(name);
      if (child === null) continue;
      visit(child);
      child.close();
    }
    directory.close();
  };
  visit(openView(parts));
  return found;
}

const parts = (dialect: Dialect, ...dirs: string[]): ViewParts => dirs.map((dir) => ({ dir, dialect }));

/** An ordinary user may make this device since 5.8. */
const whiteout = (path: string) => mknodAt(AT_FDCWD, path, S_IFCHR | 0o600);

/** For tests that need user xattrs (tmpfs has them since 6.6). */
function mark(context: TestContext, path: string, name: string, value: string): void {
  try {
    setXattr(path, name, value);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    context.skip("the temporary directory's filesystem has no user xattrs");
  }
}

test("overlay: whiteouts hide in every layer, also in the lowest; files hide directories", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d b/d c/d b/e c/e c/s/x b/gone; touch a/d/1 b/d/1 b/d/2 c/d/3 c/e/f a/e b/s c/t");
  whiteout(tmp.at("a/d/3"));
  whiteout(tmp.at("b/gone/w"));
  whiteout(tmp.at("c/lowest"));
  expect(content(parts("overlay-user", tmp.at("a"), tmp.at("b"), tmp.at("c")))).toEqual({
    d: "/",
    "d/1": "0",
    "d/2": "1",
    e: "0",
    gone: "/",
    s: "1",
    t: "2",
  });
});

test("overlay: an opaque directory hides what is below it, a root's mark does nothing", async (context) => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d/sub b/d/sub; touch a/d/new b/d/old b/d/sub/old b/root");
  mark(context, tmp.at("a/d"), "user.overlay.opaque", "y");
  mark(context, tmp.at("a"), "user.overlay.opaque", "y");
  const view = parts("overlay-user", tmp.at("a"), tmp.at("b"));
  expect(content(view)).toEqual({ d: "/", "d/new": "0", "d/sub": "/", root: "1" });
  // In another dialect these marks are a user's own attributes.
  expect(content(parts("tree", tmp.at("a"), tmp.at("b")))).toEqual({ d: "/", "d/new": "0", "d/sub": "/" });
});

test("overlay: whiteouts by xattr, where the directory says that there may be some (6.7)", async (context) => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d b/d; touch a/d/x a/d/y a/x b/d/x b/d/y b/x; echo content > a/d/z");
  for (const name of ["a/d/x", "a/d/z", "a/x"]) mark(context, tmp.at(name), "user.overlay.whiteout", "");
  mark(context, tmp.at("a/d"), "user.overlay.opaque", "x");
  expect(content(parts("overlay-user", tmp.at("a"), tmp.at("b")))).toEqual({ d: "/", "d/y": "0", "d/z": "0", x: "0" });
});

test.each(["redirect", "metacopy"])("overlay: a layer with %s is refused by name", async (what) => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d");
  try {
    setXattr(tmp.at("a/d"), `user.overlay.${what}`, "/elsewhere");
  } catch (error) {
    if (isSystemError(error)) return;
    throw error;
  }
  const view = openView(parts("overlay-user", tmp.at("a")), "diff");
  try {
    expect(() => view.child("d")).toThrow(
      expect.objectContaining({ code: "NOT_REPRESENTABLE", path: "d", op: "diff" }),
    );
  } finally {
    view.close();
  }
});

test("aufs: .wh. hides, .wh..wh..opq hides all but in a root, aufs' own files are not shown", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir -p a/d a/o a/.wh..wh.plnk b/d b/o; touch a/.wh.x a/d/.wh.y a/o/.wh..wh..opq a/.wh..wh..opq a/.wh..wh.aufs a/both a/.wh.both
    touch b/x b/both b/z b/d/y b/d/w b/o/old`);
  expect(content(parts("aufs", tmp.at("a"), tmp.at("b")))).toEqual({ d: "/", "d/w": "1", o: "/", z: "1" });
});

test("no symlink is followed, neither in a part nor to it", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a real/d b/l; touch real/d/f b/l/x; ln -s real/d link; ln -s ../real/d a/l");
  expect(content(parts("overlay-trusted", tmp.at("a"), tmp.at("b")))).toEqual({ l: "0" });
  expect(() => openView(parts("tree", tmp.at("link")))).toThrow(expect.objectContaining({ errno: "ENOTDIR" }));
});

test("a cursor looks up paths, in any order; .. is none", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d/e b/d/e/g; touch a/d/e/1 b/d/e/2 b/d/e/g/3 b/top");
  const cursor = new ViewCursor(parts("overlay-trusted", tmp.at("a"), tmp.at("b")));
  try {
    const partOf = (path: string) => cursor.lookup(path)?.part ?? null;
    expect(["d/e/1", "d/e/g/3", "top", "d/e/2", "no/such", "d/e/1/x", "d"].map(partOf)).toEqual([
      0,
      1,
      1,
      1,
      null,
      null,
      0,
    ]);
    expect(() => cursor.lookup("d/../../etc/passwd")).toThrow(RangeError);
  } finally {
    cursor.close();
  }
});

test("descriptors are closed, also when a part cannot be opened", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p a/d b/d");
  content(parts("overlay-trusted", tmp.at("a"), tmp.at("b")));
  expect(() => openView(parts("overlay-trusted", tmp.at("a"), tmp.at("missing")))).toThrow(
    expect.objectContaining({ errno: "ENOENT", path: tmp.at("missing") }),
  );
  expect(openBelow(tmp.at(""))).toEqual([]);
});
