import { join } from "node:path";
import type { DamagedLayer, LeftOut, OldGraph, OldLayer } from "../../old-graph.ts";
import type { Engine } from "../engine.ts";
import { lowersFault } from "../overlay/check-lowers.ts";
import { isOverlayHome, readOverlayHome } from "../overlay/overlay-home.ts";
import { isRootless } from "../overlay/rootless.ts";
import { readBooks } from "./books.ts";
import { dockerHome } from "./home.ts";

/** Docker's overlay2, and its fuse-overlayfs driver for rootless ones, which has the same layout. */
export const dockerOverlay2: Engine = {
  name: "docker-overlay2",
  summary: "Docker's overlay2 (and fuse-overlayfs) driver",
  read(path) {
    const drivers = ["overlay2", "fuse-overlayfs"];
    const found = dockerHome("docker-overlay2", path, drivers, isOverlayHome, "layers (<id>/diff, l/)");
    const books = readBooks(found);
    const directories = readOverlayHome(found.home);
    const byId = new Map(directories.map((one) => [one.id, one]));
    const names = new Set(byId.keys());
    const layers: OldLayer[] = [];
    const damaged: DamagedLayer[] = [...books.damaged];
    const leftOut: LeftOut[] = [];
    for (const directory of directories) {
      const { id, dir, lowers } = directory;
      const about = books.about(id, names);
      const fault = directory.fault ?? lowersFault(directory, byId);
      if (fault === null) layers.push({ id, parent: lowers[0] ?? null, dir, writing: "overlay", ...about });
      else if (about.role === "image") damaged.push({ id, path: join(found.home, id), message: fault });
      else leftOut.push({ id, reason: fault });
    }
    for (const id of books.expected) {
      const dir = join(found.home, id);
      if (!names.has(id)) damaged.push({ id, path: dir, message: `${dir} is missing` });
    }
    const overlay = { rootless: isRootless(found.home), daemon: found.driver === "fuse-overlayfs" ? true : null };
    return { layers, damaged, leftOut, overlay, notes: books.notes } satisfies OldGraph;
  },
};
