import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LayerStore, openStore } from "@copyup/store";
import type { ProgramContext } from "./index.ts";

/**
 * `VERB FILE`: does one thing over and over until it is killed, and says `open` once and then a line for each round. FILE is
 * the archive, the tree to import, or the target to mount at.
 */
export async function repeatVerb({ driver, root, args, say }: ProgramContext): Promise<void> {
  const [verb = "", file = ""] = args;
  if (verb === "make") return makeStores(driver, root, say);
  const store = await openStore({ root, driver });
  const round = roundOf(verb, store, file);
  say("open");
  for (let n = 0; ; n++) {
    await round(n);
    say(String(n));
  }
}

function roundOf(verb: string, store: LayerStore, file: string): (n: number) => Promise<unknown> {
  const rounds: Record<string, (n: number) => Promise<unknown>> = {
    apply: () => store.apply([readFileSync(file)], { parent: "base", durability: "none" }),
    import: () => store.importTree(file, { durability: "none" }),
    async commit() {
      const active = await store.prepare({ parent: "base" });
      const mount = await active.mount();
      for (let k = 0; k < 30; k++) writeFileSync(path.join(mount.path, `f${k}`), `content ${k} `.repeat(50));
      await mount.unmount();
      await active.commit({ durability: "none", diffId: true });
    },
    async remove() {
      const { layer } = await store.apply([readFileSync(file)], { parent: "base", durability: "none" });
      await store.remove(layer.id);
    },
    async mount() {
      const mount = await store.mount("active", file === "" ? {} : { target: file });
      const view = await store.view("base");
      await mount.unmount();
      await view.unmount();
    },
    label: (n) => store.setLabels("base", { round: String(n), text: textOfRound(n) }),
  };
  const round = rounds[verb];
  if (!round) throw new Error(`no verb ${verb}`);
  return round;
}

/** Long, so that writing it takes a while; another length each time. */
export function textOfRound(n: number): string {
  return "x".repeat(2000 + (n % 1000));
}

/** `ROOT-0`, `ROOT-1`, … one after the other. */
async function makeStores(driver: ProgramContext["driver"], root: string, say: ProgramContext["say"]): Promise<void> {
  say("open");
  for (let n = 0; ; n++) {
    const store = await openStore({ root: `${root}-${process.pid}-${n}`, driver, create: true });
    await store[Symbol.asyncDispose]();
    say(String(n));
  }
}
