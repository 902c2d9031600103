import { join } from "node:path";
import type { DamagedLayer, LeftOut, OldGraph, OldLayer } from "../../old-graph.ts";
import { isDirectory, listNames, readText } from "../../read/files.ts";
import { isLayerName } from "../../read/names.ts";
import type { Engine } from "../engine.ts";
import { readBooks } from "./books.ts";
import { dockerHome } from "./home.ts";

/**
 * Docker's aufs driver (moby v20.10, daemon/graphdriver/aufs): `layers/<id>` lists the ancestors nearest first, `diff/<id>` is
 * the branch. A layer that is being removed is renamed to `<id>-removing` first.
 */
export const dockerAufs: Engine = {
  name: "docker-aufs",
  summary: "Docker's aufs driver, of releases before 24",
  read(path) {
    const holds = (home: string) => isDirectory(join(home, "layers")) && isDirectory(join(home, "diff"));
    const found = dockerHome("docker-aufs", path, ["aufs"], holds, "layers/ and diff/");
    const books = readBooks(found);
    const damaged: DamagedLayer[] = [...books.damaged];
    const leftOut: LeftOut[] = [];
    const layers: OldLayer[] = [];
    const diffs = new Set(listNames(join(found.home, "diff")) ?? []);
    const known = listNames(join(found.home, "layers")) ?? [];
    const names = new Set([...diffs, ...known, ...books.expected]);
    for (const id of [...names].sort()) {
      if (id.endsWith("-removing")) {
        leftOut.push({ id, reason: "it was being removed" });
        continue;
      }
      const notes = join(found.home, "layers", id);
      const ancestors = isLayerName(id) ? readText(notes) : null;
      if (ancestors === null || !isDirectory(join(found.home, "diff", id))) {
        const missing = ancestors === null ? notes : join(found.home, "diff", id);
        // Half made or half removed, but only where no image needs it.
        if (books.expected.has(id)) damaged.push({ id, path: missing, message: `${missing} is missing` });
        else leftOut.push({ id, reason: `${missing} is missing` });
        continue;
      }
      const parent = ancestors.split("\n")[0]?.trim() || null;
      layers.push({ id, parent, dir: join(found.home, "diff", id), writing: "aufs", ...books.about(id, names) });
    }
    const overlay = { rootless: false, daemon: false };
    return { layers, damaged, leftOut, overlay, notes: books.notes } satisfies OldGraph;
  },
};
