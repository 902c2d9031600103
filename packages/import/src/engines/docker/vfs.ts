import { join } from "node:path";
import type { DamagedLayer, OldGraph, OldLayer } from "../../old-graph.ts";
import { isDirectory, listNames } from "../../read/files.ts";
import { isLayerName } from "../../read/names.ts";
import type { Engine } from "../engine.ts";
import { readBooks } from "./books.ts";
import { dockerHome } from "./home.ts";

/** Docker's vfs driver: `vfs/dir/<id>` is a whole tree; whose child it is, only the image store knows. */
export const dockerVfs: Engine = {
  name: "docker-vfs",
  summary: "Docker's vfs driver: a full tree for each layer",
  read(path) {
    const holds = (home: string) => isDirectory(join(home, "dir"));
    const found = dockerHome("docker-vfs", path, ["vfs"], holds, "dir/");
    const books = readBooks(found);
    const directory = join(found.home, "dir");
    const names = new Set((listNames(directory) ?? []).filter(isLayerName));
    const layers: OldLayer[] = [];
    for (const id of names) {
      const about = books.about(id, names);
      layers.push({ id, parent: books.parentOf(id), dir: join(directory, id), writing: "tree", ...about });
    }
    const damaged: DamagedLayer[] = [...books.damaged];
    for (const id of books.expected) {
      if (!names.has(id)) damaged.push({ id, path: join(directory, id), message: `${join(directory, id)} is missing` });
    }
    const bases =
      books.expected.size === 0 ? ["without the image store nothing tells parents: each tree is a base"] : [];
    const overlay = { rootless: false, daemon: false };
    return { layers, damaged, leftOut: [], overlay, notes: [...books.notes, ...bases] } satisfies OldGraph;
  },
};
