import type { MountHandle } from "@copyup/store";
import { daemonsOf } from "../../ground/daemons-of.ts";
import type { Stand } from "../../ground/stand.ts";
import type { Contestant } from "../../workload.ts";

/** What is done in a container's root; `verify` throws unless it was done. */
export interface Edit {
  act(root: string): void;
  verify(root: string): void;
}

/** A fresh container for every run; only what is done inside it is measured. */
export function inContainer(stand: Stand, parent: string, { act, verify }: Edit): Contestant {
  const { before, servants, mounted } = freshContainer(stand, parent);
  return {
    name: stand.name,
    role: "ours",
    before,
    run: () => act(mounted().path),
    verify: () => verify(mounted().path),
    servants,
    after: async () => {
      await mounted().unmount();
      await stand.store.remove(mounted().id);
    },
  };
}

/** Before every run one is made and mounted; what becomes of it is the caller's. */
export function freshContainer({ store }: Stand, parent: string) {
  let mount: MountHandle | undefined;
  const mounted = (): MountHandle => mount!;
  return {
    mounted,
    before: async (): Promise<void> => {
      mount = await store.mount((await store.prepare({ parent })).id);
    },
    servants: (): number[] => daemonsOf(mounted().path),
  };
}
