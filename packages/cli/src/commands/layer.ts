import type { Command } from "commander";
import type { Environment } from "../environment.ts";
import { addLayerApply } from "./layer-apply.ts";
import { addLayerCommit } from "./layer-commit.ts";
import { addLayerDiff } from "./layer-diff.ts";
import { addLayerList } from "./layer-list.ts";
import { addLayerShow } from "./layer-show.ts";

export function addLayer(program: Command, environment: Environment): void {
  const layer = program.command("layer").description("layers: import, apply, create, commit, look at, remove");
  for (const add of [addLayerApply, addLayerCommit, addLayerList, addLayerShow, addLayerDiff]) add(layer, environment);
}
