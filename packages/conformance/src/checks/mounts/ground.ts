import { setTimeout as sleep } from "node:timers/promises";
import type { Layer } from "@copyup/core";
import { type MountInfo, readMountInfo } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Child, SpawnOptions, Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { type TreeSpec, writeTree } from "../whiteout/tree-specs.ts";

export interface MountGround {
  readonly store: LayerStore;
  readonly base: Layer;
  /** The active layer on it, not mounted. */
  readonly id: string;
}

/** A committed base and an active layer on it. */
export async function mountGround(
  trial: Trial,
  specs: readonly TreeSpec[] = ["d/x=lower", "f=lower"],
): Promise<MountGround> {
  const store = await trial.store();
  const base = await layerOn(store, null, (root) => writeTree(root, specs));
  // Not disposed: that would remove the layer; it goes with the scratch directory.
  const { id } = await store.prepare({ parent: base.id });
  return { store, base, id };
}

/** Every one of the words must stand in the error's message or hint. */
export function saysAll(
  trial: Trial,
  error: Error & { hint?: string | undefined },
  words: readonly (string | number)[],
): void {
  const said = `${error.message} ${error.hint ?? ""}`;
  for (const word of words) trial.ok(said.includes(String(word)), `the error names ${word}: ${said}`);
}

/** The lines of mountinfo for one target, in the order they were stacked. */
export function mountsAt(target: string, pid: number | "self" = "self"): MountInfo[] {
  return [...readMountInfo(pid)].filter((mount) => mount.target === target);
}

/** Waits for input that never comes. Not `exec sleep`: between "ready" and the exec such a process still changes. */
const WAIT = "echo ready; read -r never";

/** A process that does nothing, with its working directory where it is told, or in a mount namespace of its own. */
export async function idleProcess(trial: Trial, options: SpawnOptions): Promise<Child> {
  const child = await trial.spawn("sh", ["-c", WAIT], options);
  await child.line();
  return child;
}

/** A process that has the file open for appending, and does nothing. */
export async function openFileIn(trial: Trial, file: string, options: SpawnOptions = {}): Promise<Child> {
  const child = await trial.spawn("sh", ["-c", `exec 3>>"$1"; ${WAIT}`, "sh", file], options);
  await child.line();
  return child;
}

/** The kernel takes a superblock down a moment after the last user is gone: tries until it works or 20 s are over. */
export async function eventually<T>(act: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + 20_000; ; ) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(20);
    }
  }
}
