import { realpathSync } from "node:fs";
import { copyTree } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { AT_FDCWD, tryLstatAt } from "@copyup/linux";
import type { AppliedLayer, ApplyOptions } from "../layer-store.ts";
import type { StoreContext } from "../store-context.ts";
import { buildLayer, type StagedLayer } from "../transaction/build-layer.ts";
import { refuseMarks } from "../transaction/refuse-marks.ts";
import { finish } from "./apply.ts";

export type ImportOptions = Omit<ApplyOptions, "parent" | "expectDiffId">;

/**
 * A directory tree becomes a committed base layer. Copied, not packed and unpacked: so sockets come along, and blocks are
 * shared where the filesystem can.
 */
export async function importTree(
  context: StoreContext,
  directory: string,
  options: ImportOptions,
): Promise<AppliedLayer> {
  const { id, labels, signal, onProgress, durability = "data" } = options;
  const source = sourceDirectory(context, directory);
  let copied: Awaited<ReturnType<typeof copyTree>> | null = null;
  const fill = async (staged: StagedLayer) => {
    const { dir, dialect } = context.driver.access(staged.layer);
    copied = await copyTree(source, dir, { op: "import", lossy: options.lossy, signal, onProgress });
    await refuseMarks({ dir, dialect }, signal);
    await finish(context, staged, options);
    return { state: "committed" as const, lost: copied.losses.counts, lostExamples: copied.losses.examples };
  };
  const build = { op: "import", parent: null, id, labels, receive: true, durability, signal, onProgress };
  const layer = await buildLayer(context, build, fill);
  const { entries, bytes, losses } = copied as unknown as Awaited<ReturnType<typeof copyTree>>;
  return { layer, diffId: null, entries, bytes, lost: losses.counts, lostExamples: losses.examples };
}

function sourceDirectory(context: StoreContext, directory: string): string {
  const bad = (message: string, hint: string) =>
    new StorageError({ code: "BAD_OPTION", op: "import", driver: context.driver.name, path: directory, message, hint });
  const source = tryRealpath(directory);
  if (source === null) throw bad(`${directory} does not exist`, "name an existing directory");
  if (tryLstatAt(AT_FDCWD, source)?.type !== "directory")
    throw bad(`${directory} is not a directory`, "for a tar use apply");
  const { root } = context.layout;
  if (root === source || root.startsWith(source === "/" ? "/" : `${source}/`)) {
    throw bad(`${directory} holds the store itself`, "import a directory beside the store");
  }
  return source;
}

function tryRealpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
