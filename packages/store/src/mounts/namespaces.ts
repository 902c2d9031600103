import {
  AT_FDCWD,
  commandOf,
  type Holder,
  isSystemError,
  listDirectory,
  type MountInfo,
  mountNamespace,
  parseMountInfo,
  readWholeFile,
} from "@copyup/linux";

/** One process of each mount namespace that can be seen in /proc, this process's own left out. */
export function* otherNamespaces(): Generator<{ pid: number; namespace: string }> {
  const seen = new Set([mountNamespace("self")]);
  for (const entry of listDirectory("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const namespace = tryNamespace(pid);
    if (namespace === null || seen.has(namespace)) continue;
    seen.add(namespace);
    yield { pid, namespace };
  }
}

/**
 * Mounts in other namespaces that match, a process named for each namespace. `word`: stands in every matching line of
 * mountinfo, so that the others need not be taken apart; there may be many namespaces with long lines.
 */
export function findElsewhere(word: string, matches: (mount: MountInfo) => boolean): Holder[] {
  const holders: Holder[] = [];
  for (const { pid } of otherNamespaces()) {
    const text = tryRead(`/proc/${pid}/mountinfo`);
    if (!text.includes(word)) continue;
    for (const line of text.toString().split("\n")) {
      const mount = line.includes(word) ? parseMountInfo(line) : null;
      if (mount === null || !matches(mount)) continue;
      holders.push({ pid, command: commandOf(pid), how: "mounted in its namespace at", path: mount.target });
    }
  }
  return holders;
}

/** Empty where the process ended meanwhile, or is not ours to look at. */
function tryRead(file: string): Buffer {
  try {
    return readWholeFile(AT_FDCWD, file);
  } catch (error) {
    if (isSystemError(error)) return Buffer.alloc(0);
    throw error;
  }
}

/** A process in that namespace; null where none can be seen. */
export function processIn(namespace: string, preferred: number): Holder | null {
  const named = (pid: number): Holder => ({ pid, command: commandOf(pid), how: "in mount namespace", path: namespace });
  if (tryNamespace(preferred) === namespace) return named(preferred);
  for (const other of otherNamespaces()) if (other.namespace === namespace) return named(other.pid);
  return null;
}

function tryNamespace(pid: number): string | null {
  try {
    return mountNamespace(pid);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
