import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { Layer } from "@copyup/core";
import { AT_FDCWD, lstatAt, setMtimeAt, tryLstatAt } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";

/**
 * As layerOn, where a mount itself changes what these checks are about: aufs cuts the nanoseconds off times that are set in
 * it (CU37) and changes a directory's time when something in it is copied up (CU18, CU39). So a base is imported, and a
 * directory whose names the edit left as they were, on the same inodes, gets its time back in the layer.
 */
export async function layerOnAufs(
  store: LayerStore,
  parent: Layer | null,
  edit: (root: string) => void,
): Promise<Layer> {
  if (parent === null) return importedBase(store, edit);
  await using active = await store.prepare({ parent: parent.id });
  let kept: readonly DirectoryTime[];
  {
    await using mount = await active.mount();
    const before = directoriesOf(mount.path);
    edit(mount.path);
    const after = directoriesOf(mount.path);
    kept = [...before].flatMap(([path, time]) => (after.get(path)?.names === time.names ? [time] : []));
  }
  const { dir } = store.access(active.layer);
  for (const { path, seconds, nanoseconds } of kept) {
    const there = within(dir, path);
    if (tryLstatAt(AT_FDCWD, there)?.type === "directory" && !hasReplaced(there))
      setMtimeAt(AT_FDCWD, there, seconds, nanoseconds);
  }
  return await active.commit({ durability: "none" });
}

async function importedBase(store: LayerStore, edit: (root: string) => void): Promise<Layer> {
  const beside = mkdtempSync(`${store.root}-base-`);
  try {
    mkdirSync(`${beside}/tree`);
    edit(`${beside}/tree`);
    return (await store.importTree(`${beside}/tree`, { durability: "none" })).layer;
  } finally {
    rmSync(beside, { recursive: true });
  }
}

interface DirectoryTime {
  /** latin1, empty or beginning with a slash. */
  readonly path: string;
  readonly names: string;
  readonly seconds: number;
  readonly nanoseconds: number;
}

function directoriesOf(root: string, path = "", found = new Map<string, DirectoryTime>()): Map<string, DirectoryTime> {
  const at = within(root, path);
  const { mtimeSec: seconds, mtimeNsec: nanoseconds } = lstatAt(AT_FDCWD, at);
  const entries = readdirSync(at, { withFileTypes: true, encoding: "buffer" });
  const names = entries.map(({ name }) => {
    const text = name.toString("latin1");
    return `${text}:${lstatAt(AT_FDCWD, within(root, `${path}/${text}`)).key}`;
  });
  found.set(path, { path, names: names.sort().join("/"), seconds, nanoseconds });
  for (const entry of entries)
    if (entry.isDirectory()) directoriesOf(root, `${path}/${entry.name.toString("latin1")}`, found);
  return found;
}

function within(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(path, "latin1")]);
}

/** Was a directory in it removed and made anew? Its inode number may be the old one's. */
function hasReplaced(directory: Buffer): boolean {
  return readdirSync(directory, { encoding: "buffer" }).some((name) => {
    const mark = Buffer.concat([directory, Buffer.from("/"), name, Buffer.from("/.wh..wh..opq")]);
    return tryLstatAt(AT_FDCWD, mark) !== null;
  });
}
