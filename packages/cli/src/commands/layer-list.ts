import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { storedLayers, withStore } from "../open.ts";
import { layerJson, shortDigest } from "../output/layer-view.ts";
import { humanBytes, printJson, printLine, printTable } from "../output/print.ts";

export function addLayerList(layer: Command, environment: Environment): void {
  layer
    .command("ls")
    .description("the layers, oldest first")
    .action(async (_flags, command: Command) => {
      const options = globalOptions(command);
      const layers = await storedLayers(options);
      if (options.json) {
        printJson(layers.map(layerJson));
        return;
      }
      printTable(
        ["ID", "PARENT", "STATE", "DRIVER", "DIFF ID", "CREATED"],
        layers.map((l) => [
          l.id,
          l.parent ?? "-",
          l.state,
          l.driver,
          shortDigest(l.diffId),
          l.createdAt.replace("T", " ").slice(0, 19),
        ]),
      );
    });
  layer
    .command("usage")
    .argument("<id>", "a layer")
    .description("disk used by the layer itself, without its ancestors")
    .action(async (id: string, _flags, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        const usage = await store.usage(id);
        if (options.json) printJson({ id, ...usage });
        else printLine(`${humanBytes(usage.bytes)} in ${usage.inodes} inodes`);
      });
    });
  layer
    .command("rm")
    .argument("<id...>", "layers, children before parents")
    .description("remove layers; refused while mounted or a parent")
    .action(async (ids: string[], _flags, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        for (const id of ids) await store.remove(id, { signal: environment.signal });
        if (options.json) printJson({ removed: ids });
      });
    });
}
