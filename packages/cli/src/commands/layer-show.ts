import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { layerJson } from "../output/layer-view.ts";
import { printJson, printLine } from "../output/print.ts";

export function addLayerShow(layer: Command, environment: Environment): void {
  layer
    .command("show")
    .argument("<id>", "a layer")
    .description("all about a layer, with its directories as people know them from docker inspect")
    .addHelpText("after", "\nExample:\n  copyup layer show $box --json\n")
    .action(async (id: string, _flags, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        const found = await store.get(id);
        const directories = await directoriesOf(store, found);
        if (options.json) {
          printJson({ ...layerJson(found), directories });
          return;
        }
        printLine(`id        ${found.id}`);
        printLine(`state     ${found.state}`);
        printLine(`parent    ${found.parent ?? "-"}`);
        printLine(`driver    ${found.driver} (${found.dialect})`);
        printLine(`created   ${found.createdAt}`);
        printLine(`diff id   ${found.diffId ?? "- (computed by the first diff)"}`);
        printLine(`chain id  ${found.chainId ?? "-"}`);
        for (const [key, value] of Object.entries(found.labels)) printLine(`label     ${key}=${value}`);
        for (const [kind, count] of Object.entries(found.lost)) printLine(`not kept  ${kind}: ${count}`);
        for (const lower of directories.lower) printLine(`lower     ${lower}`);
        printLine(`upper     ${directories.upper}`);
        if (directories.work) printLine(`work      ${directories.work}`);
        for (const merged of directories.merged) printLine(`merged    ${merged}`);
      });
    });
}

interface Directories {
  readonly lower: readonly string[];
  readonly upper: string;
  readonly work: string | null;
  /** Where the layer is mounted now. */
  readonly merged: readonly string[];
}

async function directoriesOf(store: LayerStore, layer: Layer): Promise<Directories> {
  const access = store.access(layer);
  const chain = await store.chain(layer.id);
  const plan = await store.explain(layer.id, layer.state === "active" ? "rw" : "ro").catch(() => null);
  const overlay = plan?.steps.find((step) => step.type === "overlay");
  const mounts = await store.mounts();
  return {
    lower: access.kind === "tree" ? [] : chain.slice(1).map((ancestor) => store.access(ancestor).dir),
    upper: access.dir,
    work: overlay?.work ?? null,
    merged: mounts
      .filter((mount) => mount.layer === layer.id && mount.state === "mounted")
      .map((mount) => mount.target),
  };
}
