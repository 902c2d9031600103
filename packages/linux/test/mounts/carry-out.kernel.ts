import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { isStorageError, type MountPlan, type StorageError } from "@copyup/core";
import { describe, expect, it } from "vitest";
import {
  AT_FDCWD,
  addressOf,
  attachMount,
  carryOut,
  check,
  cloneTree,
  closeFd,
  cstring,
  detachedOverlay,
  FS_IOC_SETFLAGS,
  libc,
  MS_SHARED,
  mount2,
  mountAt,
  mountsBelow,
  O_RDONLY,
  OVERLAY_RUNGS,
  openAt,
  unmount,
  withFd,
} from "../../src/index.ts";
import { scratchForEachTest } from "../scratch.ts";
import { makeLayers, OPTIONS } from "./layers.ts";

const scratch = scratchForEachTest();

function overlay(count = 2) {
  return makeLayers(
    Array.from({ length: count }, (_, i) => `${scratch.path}/${i}`),
    scratch.path,
  );
}

function refused(plan: MountPlan, target: string, rung?: (typeof OVERLAY_RUNGS)[number]): StorageError {
  try {
    carryOut(plan, target, rung === undefined ? {} : { rung });
  } catch (error) {
    if (isStorageError(error)) return error;
    throw error;
  }
  throw new Error("was not refused");
}

function setImmutable(path: string, on: boolean): void {
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(on ? 0x10 : 0);
  withFd(openAt(AT_FDCWD, path, O_RDONLY), (fd) => check(libc.ioctl(fd, FS_IOC_SETFLAGS, addressOf(flags)), "ioctl"));
}

function file(): string {
  writeFileSync(`${scratch.path}/f`, "");
  return `${scratch.path}/f`;
}

function symlinkTo(target: string): string {
  symlinkSync(target, `${scratch.path}/link`);
  return `${scratch.path}/link`;
}

function sharedDirectory(name: string): string {
  const path = scratch.directory(name);
  mount2("tmpfs", path, "tmpfs", 0, "");
  check(libc.mount(0, cstring(path), 0, MS_SHARED, 0), "mount MS_SHARED");
  mkdirSync(`${path}/t`);
  return path;
}

describe.each(OVERLAY_RUNGS)("an overlay by %s", (rung) => {
  it("says what it became", () => {
    const target = scratch.directory("t");
    const done = carryOut({ steps: [overlay()] }, target, { rung });
    const seen = mountAt(target);
    expect(done).toMatchObject({ path: target, mounted: true, how: rung });
    expect(done.mount).toMatchObject({ id: seen?.id, major: seen?.major, minor: seen?.minor });
    expect(seen).toMatchObject({ type: "overlay", source: "overlay" });
    unmount(target);
  });

  it("is read-only without an upper", () => {
    const target = scratch.directory("t");
    carryOut({ steps: [{ ...overlay(), upper: null, work: null }] }, target, { rung });
    expect(() => writeFileSync(`${target}/new`, "")).toThrow("EROFS");
    unmount(target);
  });

  it("is private below a shared mount", () => {
    const shared = sharedDirectory("shared");
    carryOut({ steps: [overlay()] }, `${shared}/t`, { rung });
    expect(mountAt(`${shared}/t`)?.propagation).toEqual([]);
    unmount(`${shared}/t`);
    unmount(shared);
  });

  it("is not taken where the kernel made it read-only", () => {
    const step = overlay();
    setImmutable(step.work!, true);
    try {
      const error = refused({ steps: [step] }, scratch.directory("t"), rung);
      expect(error).toMatchObject({ code: "MOUNT_MISMATCH", op: "mount" });
      expect(error.hint).toContain("lsattr");
    } finally {
      setImmutable(step.work!, false);
    }
  });

  it.each([
    [
      "a directory given twice",
      "ELOOP",
      /conflicting lowerdir path/,
      () => ({ ...overlay(), lowers: [`${scratch.path}/0`, `${scratch.path}/0`] }),
    ],
    [
      "a lower inside the upper",
      "ELOOP",
      /overlapping lowerdir path/,
      () => ({ ...overlay(), lowers: [scratch.directory("upper/in")] }),
    ],
    [
      "the work directory in the upper",
      "EINVAL",
      /separate subtrees/,
      () => ({ ...overlay(), work: scratch.directory("upper/w") }),
    ],
    [
      "a single lower without an upper",
      "EINVAL",
      /at least 2 lowerdir/,
      () => ({ ...overlay(1), upper: null, work: null }),
    ],
    [
      "a lower that is missing",
      "ENOENT",
      /nope/,
      () => ({ ...overlay(), lowers: [`${scratch.path}/nope`, `${scratch.path}/1`] }),
    ],
    ["an option it does not know", "EINVAL", /no_such_option/, () => ({ ...overlay(), options: ["no_such_option=1"] })],
  ])("tells the kernel's reason for refusing %s", (_, errno, says, step) => {
    const target = scratch.directory("t");
    const error = refused({ steps: [step()] }, target, rung);
    expect(error).toMatchObject({ code: "MOUNT_FAILED", errno, op: "mount" });
    expect(error.hint).toBeTruthy();
    expect(error.message).toMatch(says);
  });

  it("tells that the stack is too deep", () => {
    const [t1, t2, t3] = ["t1", "t2", "t3"].map((name) => scratch.directory(name)) as [string, string, string];
    const below = (lower: string) => ({
      ...overlay(),
      lowers: [lower, scratch.directory("empty")],
      upper: null,
      work: null,
    });
    carryOut({ steps: [below(`${scratch.path}/0`)] }, t1, { rung });
    carryOut({ steps: [below(t1)] }, t2, { rung });
    const error = refused({ steps: [below(t2)] }, t3, rung);
    expect(error.message).toContain("maximum fs stacking depth exceeded");
    expect(error.hint).toContain("overlay that lies on an overlay");
    unmount(t2);
    unmount(t1);
  });

  it("tells that an overlay cannot hold an upper", () => {
    const target = scratch.directory("t");
    carryOut({ steps: [overlay()] }, target, { rung });
    const inside = makeLayers([`${scratch.path}/1`], `${target}/in`);
    const error = refused({ steps: [inside] }, scratch.directory("t2"), rung);
    expect(error.message).toContain("not supported as upperdir");
    expect(error.hint).toContain("plain-copy");
    unmount(target);
  });
});

describe("a bind", () => {
  it.each([true, false])("with readonly %s", (readonly) => {
    const [source, target] = [scratch.directory("source"), scratch.directory("t")];
    const done = carryOut({ steps: [{ type: "bind", source, readonly }] }, target);
    expect(done).toMatchObject({ path: target, mounted: true, how: "bind", mount: { id: mountAt(target)?.id } });
    if (readonly) expect(() => writeFileSync(`${target}/f`, "")).toThrow("EROFS");
    else writeFileSync(`${target}/f`, "");
    expect(existsSync(`${source}/f`)).toBe(!readonly);
    unmount(target);
  });

  it("leaves out what is mounted inside the source", () => {
    const [source, target] = [scratch.directory("source"), scratch.directory("t")];
    const inside = scratch.directory("source/inside");
    mount2("tmpfs", inside, "tmpfs", 0, "");
    writeFileSync(`${inside}/secret`, "");
    carryOut({ steps: [{ type: "bind", source, readonly: true }] }, target);
    expect(existsSync(`${target}/inside/secret`)).toBe(false);
    unmount(target);
    unmount(inside);
  });

  it("is private though its source and its target are shared", () => {
    const [source, target] = [sharedDirectory("source"), sharedDirectory("shared")];
    carryOut({ steps: [{ type: "bind", source, readonly: true }] }, `${target}/t`);
    expect(mountAt(`${target}/t`)?.propagation).toEqual([]);
    for (const mount of [`${target}/t`, target, source]) unmount(mount);
  });

  it("of a missing directory is refused", () => {
    const error = refused(
      { steps: [{ type: "bind", source: `${scratch.path}/nope`, readonly: true }] },
      scratch.directory("t"),
    );
    expect(error).toMatchObject({ code: "MOUNT_FAILED", errno: "ENOENT", path: `${scratch.path}/nope` });
  });

  it("that was to be writable is not taken from a read-only filesystem", () => {
    const source = scratch.directory("source");
    mount2("tmpfs", source, "tmpfs", 1, "");
    const error = refused({ steps: [{ type: "bind", source, readonly: false }] }, scratch.directory("t"));
    expect(error.code).toBe("MOUNT_MISMATCH");
    unmount(source);
  });
});

describe("a plan", () => {
  it("of a path mounts nothing", () => {
    const source = scratch.directory("source");
    const done = carryOut({ steps: [{ type: "path", source }] }, `${scratch.path}/not-there`);
    expect(done).toEqual({ path: source, mounted: false, how: "path", daemon: null, mount: null });
  });

  it("is undone when a later step fails", () => {
    const target = scratch.directory("t");
    const bind = { type: "bind", source: scratch.directory("source"), readonly: false } as const;
    refused({ steps: [bind, bind, { ...overlay(), lowers: [`${scratch.path}/nope`] }] }, target);
    expect(mountsBelow(scratch.path)).toEqual([]);
  });

  it.each([
    ["missing", () => `${scratch.path}/nope`],
    ["a file", () => file()],
    ["a symlink", () => symlinkTo(scratch.directory("t"))],
    ["a relative path", () => "t"],
    ["below a file", () => `${file()}/t`],
  ])("refuses a target that is %s", (_, target) => {
    const path = target();
    const source = scratch.directory("source");
    for (const step of [{ type: "bind", source, readonly: true } as const, overlay()]) {
      expect(refused({ steps: [step] }, path).code).toBe("BAD_TARGET");
    }
  });
});

describe("a detached overlay", () => {
  it("is seen by nobody, and gone with its descriptor", () => {
    const step = overlay();
    const before = mountsOfOverlay();
    const fd = detachedOverlay(step);
    expect(mountsOfOverlay()).toBe(before);
    writeFileSync(`/proc/self/fd/${fd}/new`, "");
    expect(existsSync(`${step.upper}/new`)).toBe(true);
    closeFd(fd);
    // With index=on the kernel answers EBUSY as long as another superblock has this upper.
    closeFd(detachedOverlay({ ...step, options: [...OPTIONS, "index=on"] }));
  });

  function mountsOfOverlay(): number {
    return mountsBelow("/").filter((mount) => mount.type === "overlay").length;
  }
});

it("a clone of a directory can be attached by hand", () => {
  const [source, target] = [scratch.directory("source"), scratch.directory("t")];
  const clone = cloneTree(source);
  attachMount(clone, target);
  closeFd(clone);
  unmount(target);
});
