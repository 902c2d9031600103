import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type ErrorCode, isStorageError, type Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import { archive, ROOT } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, layerOn, viewOf } from "../diff/layers.ts";
import { type NamedTree, readTree, treeLines } from "../diff/read-tree.ts";

/** Where attacks are tried: a store with a parent layer, and beside it a directory that nothing may touch. */
export interface Ground {
  readonly store: LayerStore;
  /** Absolute; holds `secret` (a file), `dir/keep`. */
  readonly victim: string;
  /** Holds `file`, `dir/keep`, `dir/sub/deep`, and the symlinks `ln` (to the victim, absolute) and `up` (`../../../..`). */
  readonly parent: Layer;
  /**
   * The archive must be refused, as a base and on the parent, with one of the codes (default BAD_ARCHIVE) and with `entry`
   * named in the message; nothing outside is touched, and of the store not one name is new or gone.
   */
  refuses(what: string, archive: Buffer, expected?: { codes?: readonly ErrorCode[]; entry?: string }): Promise<void>;
  /** The archive must be accepted on `parent` (default: the ground's) and touch nothing outside. Gives the view. */
  accepts(what: string, archive: Buffer, parent?: Layer | null): Promise<NamedTree>;
  /** Both answers are right; where it is accepted, gives the view. Nothing outside is touched, nothing is left. */
  contains(what: string, archive: Buffer, parent?: Layer | null): Promise<NamedTree | null>;
}

export async function hostileGround(trial: Trial): Promise<Ground> {
  const store = await trial.store();
  const victim = trial.directoryFor("victim");
  writeFileSync(`${victim}/secret`, "untouched", { mode: 0o640 });
  mkdirSync(`${victim}/dir`);
  writeFileSync(`${victim}/dir/keep`, "untouched too");
  const parent = await layerOn(store, null, (root) => buildParent(root, victim));
  // Once with success: the lock file of a layer that was a parent stays.
  await store.remove((await applied(store, parent, archive(ROOT))).id);

  const unharmed = async (what: string, act: () => Promise<void>) => {
    const outside = treeLines(victim);
    const names = namesBelow(trial.scratch);
    await act();
    trial.equal(treeLines(victim), outside, `${what}: the directory outside`);
    trial.equal(newNames(names, namesBelow(trial.scratch)), [], `${what}: names left behind or gone`);
  };
  const take = async (archive: Buffer, on: Layer | null, lossy = false): Promise<NamedTree> => {
    const { layer } = await store.apply([archive], { parent: on?.id ?? null, durability: "none", lossy });
    const view = await viewOf(store, layer);
    await store.remove(layer.id);
    return view;
  };

  return {
    store,
    victim,
    parent,
    refuses: async (what, archive, { codes = ["BAD_ARCHIVE"], entry } = {}) => {
      for (const on of [parent, null]) {
        const which = `${what} (${on ? "on a parent" : "as a base"})`;
        await unharmed(which, async () => {
          const error = await failureOf(applied(store, on, archive));
          trial.ok(isStorageError(error), `${which}: refused with a StorageError, not ${error}`);
          trial.ok(codes.includes(error.code), `${which}: ${error.code} (${error.message}) is one of ${codes}`);
          if (entry !== undefined) {
            trial.ok(`${error.message} ${error.path}`.includes(entry), `${which}: "${error.message}" names ${entry}`);
          }
        });
      }
    },
    accepts: async (what, archive, on = parent) => {
      let view: NamedTree = new Map();
      await unharmed(what, async () => {
        view = await take(archive, on);
      });
      return view;
    },
    contains: async (what, archive, on = parent) => {
      let view: NamedTree | null = null;
      await unharmed(what, async () => {
        try {
          // The owner of a directory that no entry names is 0:0: what an ordinary user cannot store must not end the attack.
          view = await take(archive, on, !trial.host.fullRoot);
        } catch (error) {
          trial.ok(isStorageError(error, "BAD_ARCHIVE"), `${what}: refused with BAD_ARCHIVE, not ${error}`);
        }
      });
      return view;
    },
  };
}

function buildParent(root: string, victim: string): void {
  writeFileSync(`${root}/file`, "parent's file");
  mkdirSync(`${root}/dir/sub`, { recursive: true });
  writeFileSync(`${root}/dir/keep`, "kept");
  writeFileSync(`${root}/dir/sub/deep`, "deep");
  symlinkSync(victim, `${root}/ln`);
  symlinkSync("../../../..", `${root}/up`);
}

/** What the promise rejects with, or null. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
}

/** Every name below a directory with what it holds, but for times. */
export function namesBelow(directory: string): string[] {
  return [...readTree(directory)].map(([path, entry]) => `${entry.type} ${path} ${entry.content}`);
}

export function newNames(before: readonly string[], after: readonly string[]): string[] {
  const old = new Set(before);
  const now = new Set(after);
  return [
    ...after.filter((n) => !old.has(n)).map((n) => `+ ${n}`),
    ...before.filter((n) => !now.has(n)).map((n) => `- ${n}`),
  ];
}
