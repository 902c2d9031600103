import { mkdirSync } from "node:fs";
import { bindMount, makePrivate, mount2, unmount } from "@copyup/linux";
import { describe, expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import { dir, file, hardlink, root, symlink } from "./entries.ts";
import { applyChain, DIALECTS } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { tarOf } from "./tar-of.ts";

const scratch = scratchOnExt4();

/** Runs on a small filesystem of its own. */
async function onTmpfs<T>(options: string, run: (at: string) => Promise<T>): Promise<T> {
  const at = scratch.directory("small");
  mount2("tmpfs", at, "tmpfs", 0, options);
  makePrivate(at);
  try {
    return await run(at);
  } finally {
    unmount(at);
  }
}

describe.each(DIALECTS)("%s", (dialect) => {
  test("a full disk is NO_SPACE, and the entry is named", async () => {
    const extraction = onTmpfs("size=1m", (at) =>
      applyChain(at, dialect, [[root, dir("d"), file("d/large", "x".repeat(2 << 20))]]),
    );
    await expect(extraction).rejects.toMatchObject({
      code: "NO_SPACE",
      path: "d/large",
      errno: "ENOSPC",
      syscall: "write",
    });
  });

  test("no inode left is NO_INODES, and the entry is named", async () => {
    const files = Array.from({ length: 40 }, (_, i) => file(`f${i}`, ""));
    const extraction = onTmpfs("nr_inodes=20", (at) => applyChain(at, dialect, [files]));
    await expect(extraction).rejects.toMatchObject({ code: "NO_INODES", path: expect.stringMatching(/^f1\d$/) });
  });

  test("a read-only directory is READ_ONLY", async () => {
    const extraction = onTmpfs("size=1m", async (at) => {
      mkdirSync(`${at}/x`);
      const readonly = scratch.directory("readonly");
      bindMount(`${at}/x`, readonly, true);
      try {
        return await extractLayer([tarOf([file("f")])], { dir: readonly, dialect, below: null });
      } finally {
        unmount(readonly);
      }
    });
    await expect(extraction).rejects.toMatchObject({ code: "READ_ONLY" });
  });

  test("a full disk while a large file comes up from below", async () => {
    const below = await applyChain(scratch.path, dialect, [[root, file("large", "x".repeat(3 << 20))]]);
    const extraction = onTmpfs("size=1m", async (at) => {
      mkdirSync(`${at}/x`);
      return await extractLayer([tarOf([hardlink("h", "large")])], { dir: `${at}/x`, dialect, below });
    });
    await expect(extraction).rejects.toMatchObject({ code: "NO_SPACE", path: "large" });
  });
});

test("an xattr that is too large for the filesystem is NOT_REPRESENTABLE and not a full disk", async () => {
  const layer = [file("f", "", { xattrs: { "user.large": "x".repeat(30_000) } })];
  await expect(applyChain(scratch.path, "tree", [layer])).rejects.toMatchObject({
    code: "NOT_REPRESENTABLE",
    path: "f",
    errno: "ENOSPC",
  });
  const [part] = await applyChain(scratch.path, "tree", [layer], { lossy: true });
  expect(part).toBeDefined();
});

test("a user xattr on a symlink is something Linux has not", async () => {
  const layer = [symlink("s", "t", { xattrs: { "user.a": "b" } })];
  await expect(applyChain(scratch.path, "tree", [layer])).rejects.toMatchObject({
    code: "NOT_REPRESENTABLE",
    path: "s",
  });
});
