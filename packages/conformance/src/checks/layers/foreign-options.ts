import { carryOut, unmount } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Trial } from "../../trial/trial.ts";

/**
 * Edits an active layer through an overlay mounted with options that our drivers never use, as another tool, or a kernel with
 * other defaults, might have mounted it. False for a driver that mounts no overlay: nothing is done.
 */
export async function editWithOptions(
  trial: Trial,
  store: LayerStore,
  id: string,
  options: readonly string[],
  edit: (root: string) => void,
): Promise<boolean> {
  const step = (await store.explain(id, "rw")).steps.find((one) => one.type === "overlay");
  if (!step) return false;
  const names = new Set(options.map(nameOf));
  const kept = step.options.filter((option) => !names.has(nameOf(option)));
  const target = trial.directoryFor("foreign");
  carryOut({ steps: [{ ...step, options: [...kept, ...options] }] }, target);
  try {
    edit(target);
  } finally {
    unmount(target);
  }
  return true;
}

function nameOf(option: string): string {
  return option.replace(/=.*/, "");
}
