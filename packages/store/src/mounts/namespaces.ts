import {
  commandOf,
  type Holder,
  isSystemError,
  listDirectory,
  type MountInfo,
  mountNamespace,
  readMountInfo,
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

/** Mounts in other namespaces that match, a process named for each namespace. */
export function findElsewhere(matches: (mount: MountInfo) => boolean): Holder[] {
  const holders: Holder[] = [];
  for (const { pid } of otherNamespaces()) {
    try {
      for (const mount of readMountInfo(pid)) {
        if (matches(mount))
          holders.push({ pid, command: commandOf(pid), how: "mounted in its namespace at", path: mount.target });
      }
    } catch (error) {
      // It ended meanwhile.
      if (!isSystemError(error)) throw error;
    }
  }
  return holders;
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
