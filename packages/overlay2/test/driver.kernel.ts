import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { Layer, MountMode, StorageDriver } from "@copyup/core";
import { carryOut, getXattr, listXattrs, setXattr, unmount } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { layerAt } from "./layers.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

function open(): Promise<StorageDriver> {
  return driver.open(
    { root: scratch.path, layers: scratch.directory("layers"), scratch: scratch.directory("scratch") },
    {},
  );
}

/** Makes a layer as the store would, without staging. */
async function create(opened: StorageDriver, id: string, parent: Layer | null): Promise<Layer> {
  const body = scratch.directory(`layers/${id}/body`);
  await opened.create({ dir: body }, parent, {});
  return layerAt(body, { parent: parent?.id ?? null, dialect: opened.dialect });
}

async function mounted<T>(
  opened: StorageDriver,
  chain: readonly Layer[],
  mode: MountMode,
  use: (root: string) => T,
): Promise<T> {
  const target = scratch.directory("target");
  const plan = opened.plan(chain, mode);
  carryOut(plan, target);
  try {
    await opened.verify?.({ chain, mode, plan, target });
    return use(target);
  } finally {
    unmount(target);
  }
}

describe("a base", () => {
  it("has an empty root of mode 0755, whatever the umask and the store's default ACL", async () => {
    const layers = scratch.directory("layers");
    // user::rwx, user:1000:rwx, group::rwx, mask::rwx, other::rwx
    const acl = "0200000001000700ffffffff02000700e803000004000700ffffffff10000700ffffffff20000700ffffffff";
    setXattr(layers, "system.posix_acl_default", Buffer.from(acl, "hex"));
    const umask = process.umask(0o077);
    try {
      const base = await create(await open(), "base", null);
      const stat = lstatSync(`${base.body}/diff`);
      expect([stat.mode & 0o7777, stat.uid, stat.gid, stat.mtimeMs]).toEqual([0o755, 0, 0, 0]);
      expect(listXattrs(`${base.body}/diff`)).toEqual([]);
    } finally {
      process.umask(umask);
    }
  });

  it("is written, sealed and viewed; a view shows no marks and takes no writes", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    await mounted(opened, [base], "rw", (root) => {
      mkdirSync(`${root}/d`);
      writeFileSync(`${root}/d/f`, "1");
      writeFileSync(`${root}/gone`, "1");
      unlinkSync(`${root}/gone`);
    });
    await opened.seal?.(base);
    expect(readdirSync(`${base.body}/work`)).toEqual([]);
    await mounted(opened, [base], "ro", (root) => {
      expect(readdirSync(root)).toEqual(["d"]);
      expect(() => writeFileSync(`${root}/new`, "")).toThrow("EROFS");
    });
    expect(opened.access(base)).toEqual({ kind: "upper", dir: `${base.body}/diff`, dialect: "overlay-trusted" });
  });

  it("can be mounted again after a seal whose commit failed", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    await opened.seal?.(base);
    await mounted(opened, [base], "rw", (root) => writeFileSync(`${root}/f`, ""));
    await opened.seal?.(base);
    await mounted(opened, [base], "rw", (root) => expect(readdirSync(root)).toEqual(["f"]));
  });
});

describe("a child", () => {
  it("deletes, replaces and changes; its parent stays as it was", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    await mounted(opened, [base], "rw", (root) => {
      mkdirSync(`${root}/d`);
      for (const name of ["d/old", "kept", "gone"]) writeFileSync(`${root}/${name}`, name);
    });
    await opened.seal?.(base);
    const child = await create(opened, "child", base);
    await mounted(opened, [child, base], "rw", (root) => {
      unlinkSync(`${root}/gone`);
      rmSync(`${root}/d`, { recursive: true });
      mkdirSync(`${root}/d`);
      writeFileSync(`${root}/d/new`, "");
      writeFileSync(`${root}/kept`, "changed");
    });
    // One more name of the whiteouts' inode: removed with the rest, whose link counts go down.
    expect(readdirSync(`${child.body}/work/work`)).not.toEqual([]);
    await opened.seal?.(child);
    expect(readdirSync(`${child.body}/work`)).toEqual([]);
    expect(readFileSync(`${base.body}/diff/kept`, "utf8")).toBe("kept");
    expect(lstatSync(`${child.body}/diff/gone`).rdev).toBe(0);
    await mounted(opened, [child, base], "ro", (root) => {
      expect([readdirSync(root), readdirSync(`${root}/d`)]).toEqual([["d", "kept"], ["new"]]);
    });
  });

  it("carries the parent's root on: mode, owner, times and xattrs, but not overlay's own", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    const root = `${base.body}/diff`;
    // As an apply leaves it: what it does not touch may have come from anywhere.
    await mounted(opened, [base], "rw", () => {});
    chownSync(root, 5, 6);
    chmodSync(root, 0o2751);
    setXattr(root, "user.a", "1");
    setXattr(root, "trusted.b", Buffer.from([0, 255]));
    setXattr(root, "trusted.overlay.opaque", "y");
    setXattr(root, "trusted.overlay.overlay.kept", "escaped");
    utimesSync(root, 1.5, 1234.000001);
    const child = await create(opened, "child", base);
    await mounted(opened, [child, base], "rw", (merged) => {
      const [wanted, seen] = [lstatSync(root, { bigint: true }), lstatSync(merged, { bigint: true })];
      expect([seen.mode, seen.uid, seen.gid, seen.mtimeNs]).toEqual([
        wanted.mode,
        wanted.uid,
        wanted.gid,
        wanted.mtimeNs,
      ]);
      expect(listXattrs(merged)).toEqual(["trusted.b", "trusted.overlay.kept", "user.a"]);
      expect(getXattr(merged, "trusted.b")).toEqual(Buffer.from([0, 255]));
    });
    const before = listXattrs(`${child.body}/diff`).filter((name) => name !== "trusted.overlay.uuid");
    expect(before).toEqual(["trusted.b", "trusted.overlay.overlay.kept", "user.a"]);
  });

  it("three deep takes its root from the middle one, not from the base", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    const middle = await create(opened, "middle", base);
    chmodSync(`${middle.body}/diff`, 0o700);
    const top = await create(opened, "top", middle);
    await mounted(opened, [top, middle, base], "ro", (root) => expect(lstatSync(root).mode & 0o7777).toBe(0o700));
  });
});

describe("the driver", () => {
  it("refuses a store where deleted files would be listed", async () => {
    const image = scratch.image("image", ["mkfs.ext4", "-q", "-O", "^filetype"], 16);
    mkdirSync(`${image}/scratch`);
    const refused = driver.open({ root: image, layers: image, scratch: `${image}/scratch` }, {});
    await expect(refused).rejects.toMatchObject({
      code: "DRIVER_UNSUPPORTED",
      hint: expect.stringContaining("tune2fs"),
    });
    expect(readdirSync(`${image}/scratch`)).toEqual([]);
  });

  it("sees a mount that is not what was planned", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    const target = scratch.directory("target");
    const plan = opened.plan([base], "rw");
    const claim = { chain: [base], mode: "rw" as const, plan, target };
    const mismatch = expect.objectContaining({ code: "MOUNT_MISMATCH" });
    await expect(opened.verify?.(claim)).rejects.toThrow(mismatch);
    carryOut(opened.plan([base], "ro"), target);
    await expect(opened.verify?.(claim)).rejects.toThrow(mismatch);
    unmount(target);
    carryOut(plan, target);
    await expect(opened.verify?.({ ...claim, mode: "ro" })).rejects.toThrow(mismatch);
    await opened.verify?.(claim);
    unmount(target);
    expect(existsSync(`${base.body}/work/work`)).toBe(true);
  });

  it("names what of the parent's root cannot be set here", async () => {
    const opened = await open();
    const base = await create(opened, "base", null);
    setXattr(`${base.body}/diff`, "user.a", "1");
    const ramfs = scratch.filesystem("ramfs", "ramfs");
    await expect(opened.create({ dir: ramfs }, base, {})).rejects.toMatchObject({
      code: "NOT_REPRESENTABLE",
      path: "/",
    });
  });
});
