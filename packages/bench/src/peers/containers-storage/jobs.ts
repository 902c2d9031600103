import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { snapshotTree } from "@copyup/conformance";
import { syncFilesystem } from "@copyup/linux";
import { editTree } from "../../ground/edit-tree.ts";
import { intoPipe, runProgram } from "../../programs/programs.ts";
import { changesBetween, requireSameChanges } from "../../verify/same-changes.ts";
import { requireSameTar } from "../../verify/same-tar.ts";
import { requireSameTree } from "../../verify/same-tree.ts";
import type { Contestant } from "../../workload.ts";
import { requireAllLayers, smallLayers } from "../chain-of-layers.ts";
import { requireListed } from "../listed.ts";
import { timesOfPrograms } from "../part-of-mounts.ts";
import type { LayerArchive } from "../peer.ts";
import { changesOf } from "./changes-list.ts";
import type { StoreCommand } from "./store-command.ts";

export function applying(store: StoreCommand, { file, expected }: LayerArchive): Contestant {
  const { name, startUp } = store;
  return {
    ...{ name, role: "peer", startUp, reads: [file] },
    run: async () => {
      const figures = store.run("import-layer", "-r", "-i", "applied", "-f", file);
      await syncFilesystem(store.dir);
      return figures;
    },
    verify: () => requireSameTree(name, expected(), snapshotTree(store.treeOf("applied"))),
    after: () => void store.run("delete-layer", "applied"),
  };
}

export async function diffing(store: StoreCommand): Promise<Contestant> {
  const { name, startUp, dir, env } = store;
  const id = await store.many();
  const tar = path.join(dir, "diff.tar");
  return {
    ...{ name, role: "peer", startUp, reads: [store.treeOf(id)] },
    run: () => runProgram(intoPipe(store.argv("diff", "-u", id)), { cwd: dir, env }),
    verify: async () => {
      store.runTo(tar, "diff", "-u", id);
      await requireSameTar(name, await store.room.expected(), tar);
      rmSync(tar);
    },
  };
}

export async function listingChanges(store: StoreCommand): Promise<Contestant> {
  const { name, startUp } = store;
  const many = await store.many();
  store.run("create-layer", "-i", "edited", many);
  store.run("mount", "edited");
  editTree(store.mountOf("edited"));
  const after = snapshotTree(store.mountOf("edited"));
  store.run("unmount", "edited");
  const expected = changesBetween(await store.room.expected(), after);
  const list = path.join(store.dir, "changes");
  return {
    ...{ name, role: "peer", startUp, reads: [store.treeOf(many), store.treeOf("edited")] },
    run: () => store.runTo(list, "changes", "edited"),
    verify: () => requireSameChanges(name, expected, changesOf(readFileSync(list, "utf8")), after),
    after: () => rmSync(list),
  };
}

export async function creating(store: StoreCommand): Promise<Contestant> {
  const { name, startUp } = store;
  const id = await store.many();
  return {
    ...{ name, role: "peer", startUp, reads: [store.treeOf(id)] },
    run: () => store.run("create-layer", "-i", "copied", id),
    verify: async () => {
      store.run("mount", "copied");
      requireSameTree(name, await store.room.expected(), snapshotTree(store.mountOf("copied")));
      store.run("unmount", "copied");
    },
    after: () => void store.run("delete-layer", "copied"),
  };
}

export async function mounting(store: StoreCommand, depth: number, times: number): Promise<Contestant> {
  const { name } = store;
  let parent: string[] = [];
  for (const [index, tar] of (await smallLayers(store.dir, depth, store.room.signal)).entries()) {
    const id = `mount-${depth}-${index}`;
    store.run("import-layer", "-r", "-i", id, "-f", tar, ...parent);
    parent = [id];
  }
  const top = `mount-${depth}-top`;
  store.run("create-layer", "-i", top, ...parent);
  const verify = () => {
    store.run("mount", top);
    requireAllLayers(name, depth, readdirSync(store.mountOf(top)));
    store.run("unmount", top);
  };
  verify();
  const some = timesOfPrograms(times);
  return {
    ...{ name, role: "peer", part: some / times },
    run: () => {
      for (let i = 0; i < some; i++) {
        store.run("mount", top);
        store.run("unmount", top);
      }
    },
    startUp: () => {
      for (let i = 0; i < some * 2; i++) store.startUp();
    },
    verify,
  };
}

export function listing(store: StoreCommand, layers: number): Contestant {
  const { name, dir } = store;
  const list = path.join(dir, "layers");
  let parent: string[] = [];
  for (let i = 0; i < layers; i++) {
    store.run("create-layer", "-i", `layer-${i}`, ...parent);
    parent = [`layer-${i}`];
  }
  return {
    ...{ name, role: "peer" },
    run: () => store.runTo(list, "layers", "--json"),
    verify: () => requireListed(name, (JSON.parse(readFileSync(list, "utf8")) as unknown[]).length, layers),
  };
}
