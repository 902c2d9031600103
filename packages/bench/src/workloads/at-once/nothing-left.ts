import { readdirSync } from "node:fs";
import path from "node:path";
import { readMountInfo } from "@copyup/linux";
import type { Stand } from "../../ground/stand.ts";

/** Throws unless a store has just those layers, and there is no mount, record of one or half-made layer. `targets`: where else mounts were. */
export async function requireNothingLeft(
  { name, store, root }: Stand,
  wanted: ReadonlySet<string>,
  targets?: string,
): Promise<void> {
  const ids = (await store.list()).map(({ id }) => id);
  const lost = [...wanted].filter((id) => !ids.includes(id));
  const strange = ids.filter((id) => !wanted.has(id));
  const mounts = (await store.mounts()).map(({ target }) => target);
  const seen = [...readMountInfo()]
    .map(({ target }) => target)
    .filter((at) => at.startsWith(`${root}/`) || (targets !== undefined && at.startsWith(`${targets}/`)));
  const rooms = ["staging", "trash", "run/mounts"].flatMap((room) => readdirSync(path.join(root, room)));
  const found = {
    "lost layers": lost,
    "unknown layers": strange,
    mounts,
    "mounts of the kernel": seen,
    "left over": rooms,
  };
  for (const [what, names] of Object.entries(found))
    if (names.length > 0) throw new Error(`${name}: ${what} after work at once: ${names.join(", ")}`);
}

export async function layersOf({ store }: Stand): Promise<Set<string>> {
  return new Set((await store.list()).map(({ id }) => id));
}
