import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  FSCONFIG_CMD_CREATE,
  FSCONFIG_SET_FD,
  FSCONFIG_SET_FLAG,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  MNT_DETACH,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  UMOUNT_NOFOLLOW,
} from "../constants.ts";
import { check, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, type PathArgument, pin } from "../ffi/memory.ts";
import { statfs } from "../files/statfs.ts";
import type { DirectoryStrings } from "./directory-strings.ts";

/** The page that mount(2) copies, less its NUL. What is longer is cut SILENTLY by every kernel from 5.10 to 7.2. */
export const MOUNT_DATA_MAX_BYTES = 4095;
/** fsconfig's longest string value; 256 and more is EINVAL, without a message. */
export const FSCONFIG_STRING_MAX_BYTES = 255;

const data = pin(MOUNT_DATA_MAX_BYTES + 1);

/** mount(2). Throws RangeError for data the kernel would cut. */
export function mount2(source: string, target: PathArgument, type: string, flags: number, options: string): void {
  const length = Buffer.byteLength(options);
  if (length > MOUNT_DATA_MAX_BYTES)
    throw new RangeError(`mount options of ${length} bytes would be cut at ${MOUNT_DATA_MAX_BYTES}`);
  data.buffer.write(options);
  data.buffer[length] = 0;
  check(libc.mount(cstring(source), cstring(target), cstring(type), flags, data.ptr), "mount", target);
}

/** Plain or, when asked, lazy. Never follows a symlink at the end. */
export function unmount(target: PathArgument, lazy = false): void {
  check(libc.umount2(cstring(target), UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0)), "umount2", target);
}

/** Mount events in other namespaces no longer reach this mount, nor its own theirs. */
export function makePrivate(target: PathArgument, recursive = false): void {
  check(libc.mount(0, cstring(target), 0, MS_PRIVATE | (recursive ? MS_REC : 0), 0), "mount MS_PRIVATE", target);
}

export function bindMount(source: PathArgument, target: PathArgument, readonly: boolean): void {
  check(libc.mount(cstring(source), cstring(target), 0, MS_BIND, 0), "mount MS_BIND", target);
  if (!readonly) return;
  // A remount sets all flags anew, and in a user namespace those of the mount that was bound may not be taken off (EPERM).
  const kept = statfs(target).flags & (MS_NOSUID | MS_NODEV | MS_NOEXEC);
  const result = libc.mount(0, cstring(target), 0, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, 0);
  if (result < 0) {
    libc.umount2(cstring(target), UMOUNT_NOFOLLOW);
    check(result, "mount MS_REMOUNT|MS_BIND|MS_RDONLY", target);
  }
}

/** A detached copy of the mount a path is on, as a descriptor. */
export function cloneTree(path: PathArgument, recursive = false): number {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0);
  return check(libc.openTree(AT_FDCWD, cstring(path), flags), "open_tree", path);
}

/** Attaches a detached mount at a path. */
export function attachMount(mountFd: number, target: PathArgument): void {
  check(libc.moveMount(mountFd, cstring(""), AT_FDCWD, cstring(target), MOVE_MOUNT_F_EMPTY_PATH), "move_mount", target);
}

const attributes = pin(32);
/** mount_setattr(2), since 5.12: makes a (detached) mount read-only or private. */
export function setMountAttributes(mountFd: number, set: { readonly?: boolean; private?: boolean }): void {
  attributes.buffer.fill(0);
  if (set.readonly) attributes.buffer.writeUInt32LE(MOUNT_ATTR_RDONLY, 0);
  if (set.private) attributes.buffer.writeUInt32LE(MS_PRIVATE, 16);
  check(libc.mountSetattr(mountFd, cstring(""), AT_EMPTY_PATH, attributes.ptr, 32), "mount_setattr");
}

/** A mount being configured with the new API; its errors carry the kernel's own sentences. */
export class MountContext {
  readonly #fd: number;

  /** Throws SystemError: ENODEV where the kernel lacks the filesystem, EPERM without CAP_SYS_ADMIN. */
  constructor(type: string) {
    this.#fd = check(libc.fsopen(cstring(type), FSOPEN_CLOEXEC), "fsopen", type);
  }

  string(key: string, value: string): void {
    this.#call(FSCONFIG_SET_STRING, key, cstring(value), 0, value.startsWith("/") ? value : undefined);
  }

  /** The same key for each of many paths. Those stay in use until the last call, and with them the memory of their strings. */
  strings(key: string, { ptr, starts }: DirectoryStrings, paths: readonly string[]): void {
    const name = cstring(key);
    for (let i = 0; i < starts.length; i++) {
      const result = libc.fsconfig(this.#fd, FSCONFIG_SET_STRING, name, ptr + starts[i]!, 0);
      if (result < 0) this.#fail(`fsconfig ${key}`, result, paths[i]);
    }
  }

  flag(key: string): void {
    this.#call(FSCONFIG_SET_FLAG, key, 0, 0);
  }

  /** For overlay's directories since 6.13; legacy kernels answer EOPNOTSUPP, EINVAL or EBADF. */
  descriptor(key: string, fd: number): void {
    this.#call(FSCONFIG_SET_FD, key, 0, fd);
  }

  /** Creates the superblock and a detached mount of it; gives its descriptor. */
  create(): number {
    const created = libc.fsconfig(this.#fd, FSCONFIG_CMD_CREATE, 0, 0, 0);
    if (created < 0) this.#fail("fsconfig CREATE", created);
    const mounted = libc.fsmount(this.#fd, FSMOUNT_CLOEXEC, 0);
    if (mounted < 0) this.#fail("fsmount", mounted);
    return mounted;
  }

  [Symbol.dispose](): void {
    libc.close(this.#fd);
  }

  #call(command: number, key: string, value: number, aux: number, path?: string): void {
    const result = libc.fsconfig(this.#fd, command, cstring(key), value, aux);
    if (result < 0) this.#fail(`fsconfig ${key}`, result, path);
  }

  #fail(syscall: string, result: number, path?: string): never {
    throw new SystemError(syscall, -result, path, this.#log());
  }

  /** The kernel's messages, oldest first: each read gives one, `e overlay: …`. */
  #log(): string | undefined {
    const lines: string[] = [];
    for (let i = 0; i < 16; i++) {
      const got = libc.read(this.#fd, data.ptr, MOUNT_DATA_MAX_BYTES);
      if (got <= 0) break;
      lines.push(
        data.buffer
          .toString("utf8", 0, got)
          .trim()
          .replace(/^[ewi] /, ""),
      );
    }
    return lines.length === 0 ? undefined : lines.join("; ");
  }
}
