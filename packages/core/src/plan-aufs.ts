import { StorageError } from "./errors.ts";
import type { AufsBranch, AufsStep } from "./plan.ts";

/** The page that mount(2) copies, less its NUL: the kernel cuts what is longer SILENTLY, and aufs then mounts what is left. */
const PAGE_BYTES = 4095;

/** What aufs is told: mount(2)'s data, and that of the remounts (MS_REMOUNT) that append the rest, in this order. */
export interface AufsCalls {
  readonly mount: string;
  readonly appends: readonly string[];
}

/**
 * An aufs mount as data for mount(2), each piece within one page, counted in bytes. The options stand before the branches.
 * `xino`: the path of the table of inode numbers, null for none. Throws `MOUNT_FAILED` for a branch that cannot be said.
 */
export function aufsCalls(step: AufsStep, xino: string | null): AufsCalls {
  const [first, ...others] = step.branches;
  if (first === undefined) throw new TypeError("an aufs mount has at least one branch");
  const table = xino === null ? "noxino" : `xino=${xino}`;
  let mount = [...step.options, table, `br:${sayBranch(first)}`].join(",");
  requireRoom(mount, first.path);
  let next = 0;
  for (; next < others.length; next++) {
    const longer = `${mount}:${sayBranch(others[next] as AufsBranch)}`;
    if (byteLength(longer) > PAGE_BYTES) break;
    mount = longer;
  }
  return { mount, appends: appendsOf(others.slice(next)) };
}

function appendsOf(branches: readonly AufsBranch[]): string[] {
  const appends: string[] = [];
  for (const branch of branches) {
    const word = `append:${sayBranch(branch)}`;
    requireRoom(word, branch.path);
    const last = appends.at(-1);
    const longer = last === undefined ? word : `${last},${word}`;
    if (last !== undefined && byteLength(longer) <= PAGE_BYTES) appends[appends.length - 1] = longer;
    else appends.push(word);
  }
  return appends;
}

/** Which character keeps a path from being an aufs branch; null where none does. No escape works (seen on 6.1: EINVAL). */
export function unsayableInAufs(path: string): string | null {
  return /[,:=\n]/.exec(path)?.[0] ?? null;
}

function sayBranch({ path, permission }: AufsBranch): string {
  const bad = unsayableInAufs(path);
  if (bad !== null) throw failed(path, `aufs cannot be told a path with ${JSON.stringify(bad)} in it`);
  return `${path}=${permission}`;
}

function requireRoom(data: string, path: string): void {
  if (byteLength(data) > PAGE_BYTES) throw failed(path, `the path does not fit in a page of mount options`);
}

function failed(path: string, message: string): StorageError {
  return new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    path,
    message: `${path}: ${message}`,
    hint: "put the store at another path",
  });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
