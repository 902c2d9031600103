import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openStore } from "../../src/index.ts";
import { driverNamed } from "./drivers.ts";

/**
 * Does one thing over and over until it is killed: `repeat-verb.ts ROOT DRIVER VERB TAR`. Prints "ready" first, then a line
 * for each round that is done.
 */
const [root = "", driver, verb, tar = ""] = process.argv.slice(2);
const store = await openStore({ root, driver: await driverNamed(driver) });
const archive = readFileSync(tar);
const [base] = await store.list();
if (!base) throw new Error("no base layer");
console.log("ready");

const rounds: Record<string, () => Promise<void>> = {
  async apply() {
    await store.apply([archive], { parent: base.id, durability: "none" });
  },
  async commit() {
    const active = await store.prepare({ parent: base.id });
    const mount = await active.mount();
    for (let n = 0; n < 50; n++) writeFileSync(path.join(mount.path, `f${n}`), `content ${n}`);
    await mount.unmount();
    await active.commit({ durability: "none", diffId: true });
  },
  async mount() {
    const active = await store.active("target");
    const mount = await active.mount({ target: path.join(root, "../target") });
    const view = await store.view("target");
    await mount.unmount();
    await view.unmount();
  },
  async remove() {
    const { layer } = await store.apply([archive], { parent: base.id, durability: "none" });
    await store.remove(layer.id);
  },
};
const round = rounds[verb ?? ""];
if (!round) throw new Error(`no verb ${verb}`);
for (let n = 0; ; n++) {
  await round();
  console.log(n);
}
