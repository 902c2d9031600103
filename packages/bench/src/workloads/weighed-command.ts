import { readdirSync } from "node:fs";
import path from "node:path";
import type { Ground } from "../ground/ground.ts";
import { readTar } from "../ground/read-tar.ts";
import type { Stand } from "../ground/stand.ts";
import { runWeighed } from "../programs/run-weighed.ts";
import type { Contestant } from "../workload.ts";
import type { Choices } from "./maker.ts";

/** The command on the first driver's store, each run weighed. Throws RangeError where no driver works. */
export function weighedCommand(ground: Ground, command: Choices["command"]) {
  const { host, signal } = ground;
  const [stand] = ground.stands;
  if (!stand) throw new RangeError("nothing to measure: no driver works here");
  const copyup = [...command, "--driver", stand.name, "--root", stand.root, "--quiet"] as const;
  const lossy = !host.fullRoot;
  return {
    apply: (name: string, tar: string): Contestant => ({
      ...{ name, role: "command", reads: [tar] },
      run: () => runWeighed(ground, [...copyup, "layer", "apply", tar, ...(lossy ? ["--lossy"] : [])]),
      ...removingNewLayers(stand),
    }),
    /** Into a pipe, as people use it. */
    diff: (layer: string): Contestant => ({
      name: "layer diff",
      role: "command",
      run: () => runWeighed(ground, ["sh", "-c", '"$@" | cat >/dev/null', "sh", ...copyup, "layer", "diff", layer]),
    }),
    /** A layer to be diffed; its id. */
    keep: async (tar: string): Promise<string> =>
      (await stand.store.apply(readTar(tar), { lossy, signal, durability: "none" })).layer.id,
    remove: (layer: string): Promise<void> => stand.store.remove(layer),
  };
}

/** What a command made in the store goes again, unmeasured. */
function removingNewLayers({ root, store }: Stand): Required<Pick<Contestant, "before" | "after">> {
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
