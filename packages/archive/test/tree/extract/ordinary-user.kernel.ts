import { chmodSync, chownSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import { dir, file, hardlink, mark, names, symlink } from "./entries.ts";
import { applyChain } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { snapshot } from "./snapshot.ts";
import { type TestEntry, tarOf } from "./tar-of.ts";

const scratch = scratchOnExt4();
const USER = 1234;

/** This process becomes an ordinary user for a while. */
async function asUser<T>(run: (dir: string) => Promise<T>): Promise<T> {
  const own = scratch.directory("own");
  chownSync(own, USER, USER);
  for (const at of [scratch.path, path.dirname(scratch.path), path.dirname(path.dirname(scratch.path))])
    chmodSync(at, 0o755);
  const groups = process.getgroups!();
  process.setgroups!([]);
  process.setegid!(USER);
  process.seteuid!(USER);
  try {
    return await run(own);
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
    process.setgroups!(groups);
  }
}

const own = { uid: USER, gid: USER };
const ownRoot = dir("", { ...own, mode: 0o755, mtimeSec: 5 });

async function lossy(...layers: TestEntry[][]) {
  return await asUser(async (at) => {
    const [part] = await applyChain(at, "tree", layers, { lossy: true });
    return part!.dir;
  });
}

describe("an ordinary user", () => {
  test("extracts what is all his, to modes that let him only read", async () => {
    const base = [
      ownRoot,
      dir("d", { ...own, mode: 0o500 }),
      file("d/f", "f", { ...own, mode: 0o400 }),
      dir("e", own),
      file("e/x", "x", own),
    ];
    const layer = [
      dir("e", { ...own, mode: 0o500 }),
      file("e/f", "f", { ...own, xattrs: { "user.a": "b" } }),
      mark("e/.wh.x"),
    ];
    const made = await asUser(async (at) => (await applyChain(at, "tree", [base, layer]))[0]!.dir);
    const shown = snapshot(made);
    expect(names(shown)).toEqual([".", "d", "d/f", "e", "e/f"]);
    expect(shown.d).toMatchObject({ mode: "500", owner: `${USER}:${USER}` });
    expect(shown.e).toMatchObject({ mode: "500" });
    expect(shown["e/f"]).toMatchObject({ xattrs: { "user.a": "b" } });
  });

  test.each<[string, TestEntry]>([
    ["owner", file("x", "", { uid: 77, gid: USER })],
    ["group", file("x", "", { uid: USER, gid: 0 })],
    ["directory's owner", dir("x")],
    ["symlink's owner", symlink("x", "y")],
    ["device", { path: "x", type: "char", dev: [1, 3], ...own }],
    ["xattr", file("x", "", { ...own, xattrs: { "trusted.a": "b" } })],
    [
      "capability",
      file("x", "", {
        ...own,
        xattrs: { "security.capability": Buffer.from("0100000200200000000000000000000000000000", "hex") },
      }),
    ],
    ["file that nobody may read", file("x", "", { ...own, mode: 0o000 })],
    ["directory that nobody may list", dir("x", { ...own, mode: 0o300 })],
    ["xattr of a symlink", symlink("x", "y", { ...own, xattrs: { "user.a": "b" } })],
    ["implied directory's owner", file("x/f", "", own)],
  ])("cannot store another's %s: the entry is named, with a way out", async (_, entry) => {
    const extraction = asUser((at) => applyChain(at, "tree", [[ownRoot, entry]]));
    await expect(extraction).rejects.toMatchObject({
      code: "NOT_REPRESENTABLE",
      path: "x",
      hint: expect.stringContaining("--lossy"),
    });
  });

  test("lossy: keeps what he could not read again readable, so that layers can lie on it", async () => {
    const base = [
      ownRoot,
      file("shadow", "s", { ...own, mode: 0o000 }),
      dir("shut", { ...own, mode: 0o000 }),
      file("shut/f", "f", own),
    ];
    const shown = snapshot(await lossy(base, [file("new", "n", own)]));
    expect(names(shown)).toEqual([".", "new", "shadow", "shut", "shut/f"]);
    expect(shown.shadow).toMatchObject({ mode: "400" });
    expect(shown.shut).toMatchObject({ mode: "500" });
  });

  test("lossy: stores what he can and counts the rest", async () => {
    const layer: TestEntry[] = [
      ownRoot,
      file("a", "content", { uid: 0, mode: 0o6755 }),
      dir("d", { uid: 7, mode: 0o2755 }),
      { path: "null", type: "char", dev: [1, 3], ...own },
      hardlink("null2", "null"),
      { path: "pipe", type: "fifo", ...own },
      file("x", "", { ...own, xattrs: { "trusted.a": "b", "user.c": "d" } }),
      symlink("s", "t"),
    ];
    const result = await asUser((at) =>
      extractLayer([tarOf(layer)], { dir: at, dialect: "tree", below: null }, { lossy: true }),
    );
    expect(result.losses).toEqual({
      counts: { owner: 3, mode: 2, device: 2, xattr: 1 },
      examples: {
        owner: "a: owner 0:0",
        mode: "a: set-id bits without their owner",
        device: "null: a char device",
        xattr: "x: xattr trusted.a of 1 bytes",
      },
    });
    const shown = snapshot(`${scratch.path}/own`);
    expect(names(shown)).toEqual([".", "a", "d", "pipe", "s", "x"]);
    expect(shown.a).toMatchObject({
      mode: "755",
      owner: `${USER}:${USER}`,
      data: "content",
      mtime: "1600000000.000000000",
    });
    expect(shown.d).toMatchObject({ mode: "755" });
    expect(shown.x?.xattrs).toEqual({ "user.c": "d" });
  });

  test("lossy: where a device is lost, nothing of the view below shows", async () => {
    const made = await lossy(
      [ownRoot, file("null", "old"), file("null2", "old")],
      [{ path: "null", type: "char", dev: [1, 3] }, hardlink("null2", "null")],
    );
    expect(names(snapshot(made))).toEqual(["."]);
  });

  test("cannot write whiteouts of overlay, and is told so", async () => {
    const extraction = asUser((at) =>
      applyChain(
        at,
        "overlay-trusted",
        [
          [ownRoot, dir("d", own)],
          [dir("d", own), mark(".wh.d")],
        ],
        { lossy: true },
      ),
    );
    await expect(extraction).rejects.toMatchObject({ code: "NEEDS_PRIVILEGE", path: "d" });
  });
});
