import { readdirSync } from "node:fs";
import path from "node:path";
import type { Stand } from "../ground/stand.ts";
import type { Contestant } from "../workload.ts";

/** The command, working on a stand's store. */
export function commandOn(stand: Stand, command: readonly [string, ...string[]]): [string, ...string[]] {
  return [...command, "--driver", stand.name, "--root", stand.root, "--quiet"];
}

/** What a command made in the store goes again, unmeasured. */
export function removingNewLayers({ root, store }: Stand): Required<Pick<Contestant, "before" | "after">> {
  const layers = () => readdirSync(path.join(root, "layers"));
  let known = new Set<string>();
  return {
    before: () => {
      known = new Set(layers());
    },
    after: async () => {
      for (const id of layers()) if (!known.has(id)) await store.remove(id);
    },
  };
}
