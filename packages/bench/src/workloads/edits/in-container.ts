import type { MountHandle } from "@copyup/store";
import { daemonsOf } from "../../ground/daemons-of.ts";
import type { Stand } from "../../ground/stand.ts";
import type { Contestant } from "../../workload.ts";

/** A fresh container for every run; only what is done inside it is measured. */
export function inContainer(
  { name, store }: Stand,
  parent: string,
  act: (root: string) => void,
  verify: (root: string) => void,
): Contestant {
  let mount: MountHandle | undefined;
  return {
    name,
    role: "ours",
    before: async () => {
      mount = await store.mount((await store.prepare({ parent })).id);
    },
    run: () => act(mount!.path),
    verify: () => verify(mount!.path),
    servants: () => daemonsOf(mount!.path),
    after: async () => {
      await mount!.unmount();
      await store.remove(mount!.id);
    },
  };
}
