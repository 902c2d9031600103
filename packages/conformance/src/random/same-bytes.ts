import { S_IFDIR } from "@copyup/linux";
import type { LayerStore, MountHandle } from "@copyup/store";
import fc from "fast-check";
import { settleTimes } from "../tree/settle-times.ts";
import { archiveOfLayer } from "./archive-of.ts";
import { requireSameBytes } from "./compare-archives.ts";
import type { Edit } from "./edit.ts";
import { outcomeOf } from "./errno.ts";
import { Ground } from "./ground.ts";
import { typeAt } from "./open-file.ts";
import { operationOf } from "./operations/index.ts";
import { type Program, programs } from "./program.ts";
import { granted } from "./wish.ts";

/** Of a year nobody's clock shows, and later than every time that programs set but one: what is made now is later. */
const MADE_SINCE_NS = 1_600_000_000_000_000_000n;

export interface SameBytes {
  /** Null, or how the first two archives differ, with the program. */
  readonly difference: string | null;
  readonly layers: number;
  readonly bytes: number;
}

/**
 * Runs the same random programs on the stores of several drivers, without a model between them, and compares what they
 * export. Only what no driver deviates in: no hard links, no directories renamed or exchanged.
 */
export async function sameBytesOfPrograms(
  stores: readonly LayerStore[],
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<SameBytes> {
  let layers = 0;
  let bytes = 0;
  const kind = { privileged: true, unsayable: false, without: ["link", "exchange", "tmpfile"] } as const;
  const property = fc.asyncProperty(programs(kind), async (program) => {
    for (const archive of await runTogether(stores, program)) {
      layers++;
      bytes += archive.length;
    }
  });
  const { errorInstance } = await fc.check(property, { seed, numRuns: runs });
  const difference = errorInstance instanceof Error ? errorInstance.message : null;
  return { difference, layers, bytes };
}

/** The archives that all of them gave, the base's first. */
async function runTogether(stores: readonly LayerStore[], program: Program): Promise<Buffer[]> {
  const parents = stores.map((): string | null => null);
  const archives: Buffer[] = [];
  for (const steps of program.layers) {
    const active = await Promise.all(stores.map((store, i) => store.prepare({ parent: parents[i] ?? null })));
    const mounts = await Promise.all(active.map((layer) => layer.mount()));
    edit(mounts, program, steps);
    for (const mount of mounts) await mount.unmount();
    const exported: Buffer[] = [];
    for (const [i, { id }] of active.entries()) {
      const store = stores[i];
      if (!store) continue;
      parents[i] = (await store.commit(id, { durability: "none" })).id;
      const archive = await archiveOfLayer(store, id);
      if (!("bytes" in archive)) throw new Error(`${store.driver.name} refuses ${archive.unsayable}`);
      exported.push(archive.bytes);
    }
    const [first, ...others] = exported;
    for (const other of others)
      requireSameBytes(first ?? other, other, stores.map(({ driver }) => driver.name).join(" and "));
    if (first) archives.push(first);
  }
  return archives;
}

function edit(mounts: readonly MountHandle[], program: Program, steps: Program["layers"][number]): void {
  const grounds = mounts.map((mount) => new Ground(mount.path, program.names));
  try {
    const [first] = grounds;
    for (const step of steps) {
      if (step.do === "remount" || step.do === "view" || !first) continue;
      const edit = granted(step, first);
      if (deviates(edit, first)) continue;
      const outcomes = grounds.map((ground) => outcomeOf(() => operationOf(edit).run(ground, edit)));
      if (new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size > 1)
        throw new Error(`${edit.do} gave ${outcomes.map((outcome) => JSON.stringify(outcome)).join(" and ")}`);
    }
  } finally {
    for (const ground of grounds) ground.close();
  }
  for (const mount of mounts) settleTimes(mount.path, MADE_SINCE_NS);
}

function deviates(edit: Edit, ground: Ground): boolean {
  if (edit.do !== "rename") return false;
  const type = outcomeOf(() => typeAt(ground, edit.from));
  return "value" in type && Number(type.value) === S_IFDIR;
}
