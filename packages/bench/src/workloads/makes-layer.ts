import type { LayerStore } from "@copyup/store";
import type { Contestant } from "../workload.ts";

/** A driver's store makes a layer of what it reads, whose id `make` gives; after the run the layer goes again. */
export function makesLayer(
  { name, store }: { readonly name: string; readonly store: LayerStore },
  reads: readonly string[],
  make: () => Promise<string>,
  verify?: (id: string) => Promise<void>,
): Contestant {
  let made: string | undefined;
  return {
    ...{ name, role: "ours", reads },
    run: async () => {
      made = await make();
    },
    verify: async () => {
      if (made !== undefined) await verify?.(made);
    },
    after: async () => {
      if (made !== undefined) await store.remove(made);
      made = undefined;
    },
  };
}
