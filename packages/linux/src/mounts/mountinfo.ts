import { AT_FDCWD, O_RDONLY } from "../constants.ts";
import { openAt, readFd, withFd } from "../files/files.ts";

/** One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), unescaped. */
export interface MountInfo {
  readonly id: number;
  readonly parentId: number;
  /** Of the superblock. */
  readonly major: number;
  readonly minor: number;
  /** Which directory of the filesystem is mounted. */
  readonly root: string;
  readonly target: string;
  readonly options: readonly string[];
  /** `shared:N`, `master:N`, … */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: string;
}

/**
 * Streams the lines: one overlay of 500 lowers alone makes a line of 31 KB, so nothing is assumed about their length. Paths
 * are UTF-8 strings (bytes that are not become U+FFFD: our own targets never hold such).
 */
export function* readMountInfo(pid: number | "self" = "self"): Generator<MountInfo> {
  // thread-self would be right in a worker that unshared; the main thread is what mounts.
  const text = withFd(openAt(AT_FDCWD, `/proc/${pid}/mountinfo`, O_RDONLY), readToEnd);
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf(10, start);
    if (end < 0) end = text.length;
    const line = parseMountInfo(text.toString("utf8", start, end));
    if (line) yield line;
    start = end + 1;
  }
}

function readToEnd(fd: number): Buffer {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.allocUnsafeSlow(64 * 1024);
    const got = readFd(fd, part);
    if (got === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, got));
  }
}

export function parseMountInfo(line: string): MountInfo | null {
  const separator = line.indexOf(" - ");
  if (separator < 0) return null;
  const [id, parentId, device, root, target, options, ...propagation] = line.slice(0, separator).split(" ");
  const [type, source, ...superOptions] = line.slice(separator + 3).split(" ");
  const [major, minor] = (device ?? "").split(":");
  if (!id || !parentId || !major || !minor || root === undefined || target === undefined || type === undefined)
    return null;
  return {
    id: Number(id),
    parentId: Number(parentId),
    major: Number(major),
    minor: Number(minor),
    root: unescapeMountField(root),
    target: unescapeMountField(target),
    options: (options ?? "").split(","),
    propagation,
    type,
    source: unescapeMountField(source ?? ""),
    superOptions: superOptions.join(" "),
  };
}

/** Space, tab, newline, backslash (and `#` in newer kernels) stand as three octal digits. */
export function unescapeMountField(field: string): string {
  if (!field.includes("\\")) return field;
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** What is mounted at that path now, the topmost if several are stacked. `target` as the kernel shows it (no symlinks). */
export function mountAt(target: string, pid: number | "self" = "self"): MountInfo | null {
  let found: MountInfo | null = null;
  for (const mount of readMountInfo(pid)) if (mount.target === target) found = mount;
  return found;
}

/** Mounts at that path or below it. */
export function mountsBelow(directory: string, pid: number | "self" = "self"): MountInfo[] {
  const prefix = directory === "/" ? "/" : `${directory}/`;
  return [...readMountInfo(pid)].filter((mount) => mount.target === directory || mount.target.startsWith(prefix));
}
