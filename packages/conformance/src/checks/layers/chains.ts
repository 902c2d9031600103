import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";

/**
 * `count` committed layers on top of `parent`, oldest first. The k-th is edited through its mount where `edit` has something
 * to do for it (gives a function), else it is left empty, unmounted: that is what makes a chain of 500 cheap.
 */
export async function growChain(
  store: LayerStore,
  parent: Layer,
  count: number,
  edit: (k: number) => ((root: string) => void) | null,
): Promise<Layer[]> {
  const chain: Layer[] = [];
  for (let k = 0; k < count; k++) {
    await using active = await store.prepare({ parent: chain.at(-1)?.id ?? parent.id });
    const act = edit(k);
    if (act !== null) {
      await using mount = await active.mount();
      act(mount.path);
    }
    chain.push(await active.commit({ durability: "none" }));
  }
  return chain;
}

export function topOf(chain: readonly Layer[]): Layer {
  const top = chain.at(-1);
  if (top === undefined) throw new RangeError("the chain is empty");
  return top;
}
