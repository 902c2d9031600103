import type { Contestant } from "../../workload.ts";
import { requireListed } from "../listed.ts";
import type { Client } from "./client.ts";

/** One chain, its last one active, as ours. In a namespace of its own: the list is of that alone. */
export function listing(client: Client, layers: number): Contestant {
  const [name, snapshotter] = ["containerd overlayfs", "overlayfs"] as const;
  const snapshots = (verb: string, ...words: string[]) => client.snapshots(snapshotter, verb, ...words);
  let parent: string[] = [];
  for (let i = 0; i < layers; i++) {
    client.run(...snapshots("prepare", `active-${i}`, ...parent));
    if (i === layers - 1) break;
    client.run(...snapshots("commit", `layer-${i}`, `active-${i}`));
    parent = [`layer-${i}`];
  }
  return {
    ...{ name, role: "peer", servants: client.servants },
    run: () => client.run(...snapshots("ls")),
    // Below a heading.
    verify: () =>
      requireListed(
        name,
        client
          .ask(...snapshots("ls"))
          .trim()
          .split("\n").length - 1,
        layers,
      ),
  };
}
