import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import {
  AT_FDCWD,
  attachLoop,
  check,
  closeFd,
  EBUSY,
  ENOSPC,
  EROFS,
  isSystemError,
  libc,
  MS_RDONLY,
  MS_REMOUNT,
  makePrivate,
  mount2,
  O_RDONLY,
  openAt,
  pin,
  unmount,
  withFd,
} from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import { openStore } from "@copyup/store";
import type { Trial } from "../../trial/trial.ts";

/** A filesystem of its own in the check's scratch directory, where a fault hurts nobody else. Disposing unmounts it. */
export interface SmallFilesystem extends Disposable {
  readonly path: string;
  /** A store of the trial's driver in it. Skips the check if the driver refuses such a filesystem (LA27 looks at that). */
  openStore(): Promise<LayerStore>;
  /** Takes every free byte (or all but about that many). */
  fill(leaveBytes?: number): void;
  /** Takes every free inode, or all but that many. */
  fillInodes(leave?: number): void;
  /** Gives back what the two took. */
  free(): void;
  readOnly(on: boolean): void;
  unmount(): void;
}

export function tmpfs(trial: Trial, size: { readonly bytes: number; readonly inodes?: number }): SmallFilesystem {
  const path = trial.directoryFor("small");
  mount2("copyup-small", path, "tmpfs", 0, `size=${size.bytes},nr_inodes=${size.inodes ?? 10_000},mode=0755`);
  return new Small(trial, path, (readonly) =>
    mount2("none", path, "tmpfs", MS_REMOUNT | (readonly ? MS_RDONLY : 0), ""),
  );
}

export interface Ext4Image extends SmallFilesystem {
  /** The filesystem answers EIO from now on, as after losing its disk; what was not synced is lost. */
  shutDown(): void;
  /** Becomes read-only in the midst of writers, as ext4 does by itself after an error (errors=remount-ro). */
  abort(): void;
  /** Mounts the image again: what the disk holds after the power loss, its journal replayed. */
  mountAgain(): void;
}

/** An ext4 on a loop device. Needs `loop-image`. */
export function ext4Image(trial: Trial, megabytes: number, ...mkfsOptions: string[]): Ext4Image {
  const image = `${trial.directoryFor("image")}/ext4.img`;
  writeFileSync(image, "");
  truncateSync(image, megabytes * 2 ** 20);
  execFileSync("mkfs.ext4", ["-q", "-F", "-E", "nodiscard", ...mkfsOptions, image], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const path = trial.directoryFor("small");
  const mountAgain = () => {
    const loop = attachLoop(image);
    try {
      mount2(loop.path, path, "ext4", 0, "");
    } finally {
      // Autoclear: the device goes with the mount.
      closeFd(loop.fd);
    }
  };
  mountAgain();
  const small = new Small(trial, path, (readonly) =>
    mount2("none", path, "ext4", MS_REMOUNT | (readonly ? MS_RDONLY : 0), ""),
  );
  return Object.assign(small, {
    mountAgain: () => {
      small.unmount();
      mountAgain();
      small.mounted = true;
    },
    abort: () => abortExt4(path),
    shutDown: () => shutDownExt4(path),
  });
}

function abortExt4(path: string): void {
  try {
    mount2("none", path, "ext4", MS_REMOUNT, "abort");
  } catch (error) {
    // 5.10 aborts, and then refuses the rest of the remount: the filesystem is read-only by now.
    if (!isSystemError(error, EROFS)) throw error;
  }
}

/** `_IOR('X', 125, __u32)` of fs/ext4/ext4.h. */
const EXT4_IOC_SHUTDOWN = 0x8004587d;
/** EXT4_GOING_FLAGS_NOLOGFLUSH: the journal is not written out either. */
const NO_LOG_FLUSH = 2;
const flags = pin(4);

function shutDownExt4(path: string): void {
  flags.buffer.writeUInt32LE(NO_LOG_FLUSH, 0);
  withFd(openAt(AT_FDCWD, path, O_RDONLY), (fd) =>
    check(libc.ioctl(fd, EXT4_IOC_SHUTDOWN, flags.ptr), "ioctl EXT4_IOC_SHUTDOWN", path),
  );
}

class Small implements SmallFilesystem {
  readonly path: string;
  mounted = true;
  readonly #trial: Trial;
  readonly #remount: (readonly: boolean) => void;
  #filler = 0;

  constructor(trial: Trial, path: string, remount: (readonly: boolean) => void) {
    this.#trial = trial;
    this.path = path;
    this.#remount = remount;
    makePrivate(path);
  }

  async openStore(): Promise<LayerStore> {
    try {
      return await openStore({ root: `${this.path}/store`, driver: this.#trial.driver, create: true });
    } catch (error) {
      if (isStorageError(error) && error.code === "DRIVER_UNSUPPORTED")
        this.#trial.skip(`needs the small filesystem: ${error.message}`);
      throw error;
    }
  }

  fill(leaveBytes = 0): void {
    const reserve = `${this.path}/reserve`;
    if (leaveBytes > 0) writeFileSync(reserve, Buffer.alloc(leaveBytes));
    const fd = openSync(`${this.path}/filler-${this.#filler++}`, "w");
    try {
      for (const piece of [1 << 16, 4096, 1]) untilFull(() => writeSync(fd, Buffer.alloc(piece)));
    } finally {
      closeSync(fd);
    }
    rmSync(reserve, { force: true });
  }

  fillInodes(leave = 0): void {
    const first = this.#filler;
    untilFull(() => closeSync(openSync(`${this.path}/filler-${this.#filler++}`, "wx")));
    for (let i = 0; i < leave; i++) rmSync(`${this.path}/filler-${first + i}`);
  }

  free(): void {
    for (; this.#filler > 0; this.#filler--) rmSync(`${this.path}/filler-${this.#filler - 1}`, { force: true });
  }

  readOnly(on: boolean): void {
    this.#remount(on);
  }

  unmount(): void {
    for (const end = Date.now() + PATIENCE_MS; ; pause(10)) {
      try {
        unmount(this.path);
        break;
      } catch (error) {
        if (!isSystemError(error, EBUSY) || Date.now() > end) throw error;
      }
    }
    this.mounted = false;
  }

  [Symbol.dispose](): void {
    if (!this.mounted) return;
    try {
      this.unmount();
    } catch (error) {
      // Something of the check still holds it: the check fails, but the machine is left clean.
      unmount(this.path, true);
      this.mounted = false;
      throw error;
    }
  }
}

/** Whoever looks at /proc/PID/fd on a busy machine holds what is open there for a moment. */
const PATIENCE_MS = 10_000;

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function untilFull(act: () => unknown): void {
  for (;;) {
    try {
      act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC" || isSystemError(error, ENOSPC)) return;
      throw error;
    }
  }
}
