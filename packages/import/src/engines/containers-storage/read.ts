import { join } from "node:path";
import type { DamagedLayer, LeftOut, OldGraph, OldLayer, Role } from "../../old-graph.ts";
import { isDirectory, readWord } from "../../read/files.ts";
import { notSuchATree } from "../../read/refusals.ts";
import type { Engine } from "../engine.ts";
import { lowersFault } from "../overlay/check-lowers.ts";
import { type OverlayDirectory, readOverlayHome } from "../overlay/overlay-home.ts";
import { isRootless } from "../overlay/rootless.ts";
import { type LayerRecord, type Records, readRecords } from "./records.ts";

const DRIVERS = ["overlay", "vfs"] as const;
type Driver = (typeof DRIVERS)[number];

/** Podman's, Buildah's and CRI-O's storage (containers/storage), its overlay and vfs drivers. */
export const containersStorage: Engine = {
  name: "containers-storage",
  summary: "Podman's, Buildah's and CRI-O's overlay and vfs drivers",
  read(root) {
    const layers: OldLayer[] = [];
    const damaged: DamagedLayer[] = [];
    const leftOut: LeftOut[] = [];
    let found = 0;
    for (const driver of DRIVERS) {
      const records = readRecords(root, driver);
      if (records === null) continue;
      found++;
      const place = driver === "overlay" ? overlayPlaces(join(root, "overlay")) : treePlaces(join(root, "vfs/dir"));
      for (const record of records.layers) {
        const { id, parent, diffId } = record;
        const about = { id, parent, diffId, chainId: null, ...usedAs(record, records) };
        const fault = record.incomplete ? "it was never finished" : place.fault(record);
        if (fault === null) layers.push({ ...about, dir: place.dir(id), writing: place.writing });
        else if (record.incomplete || about.role === "container") leftOut.push({ id, reason: fault });
        else damaged.push({ id, path: place.dir(id), message: fault });
      }
    }
    if (found === 0) throw noStorage(root);
    const home = join(root, "overlay");
    const overlay = { rootless: isDirectory(home) && isRootless(home), daemon: mountedByProgram(home) };
    return { layers, damaged, leftOut, overlay, notes: [] } satisfies OldGraph;
  },
};

interface Places {
  readonly writing: OldLayer["writing"];
  dir(id: string): string;
  fault(record: LayerRecord): string | null;
}

function overlayPlaces(home: string): Places {
  const byId = new Map<string, OverlayDirectory>(readOverlayHome(home).map((one) => [one.id, one]));
  return {
    writing: "overlay",
    dir: (id) => join(home, id, "diff"),
    fault({ id, parent }) {
      const directory = byId.get(id);
      if (directory === undefined) return `${join(home, id)} is missing`;
      const fault = directory.fault ?? lowersFault(directory, byId);
      if (fault !== null) return fault;
      const lower = directory.lowers[0] ?? null;
      return lower === parent ? null : `layers.json names the parent ${parent}, ${id}/lower names ${lower}`;
    },
  };
}

function treePlaces(home: string): Places {
  const dir = (id: string) => join(home, id);
  return { writing: "tree", dir, fault: ({ id }) => (isDirectory(dir(id)) ? null : `${dir(id)} is missing`) };
}

/** A layer is an image's if an image stands on it; the ancestors of such layers follow by themselves. */
function usedAs({ id }: LayerRecord, { images, containers }: Records): { role: Role; names: readonly string[] } {
  const container = containers.get(id);
  if (container !== undefined) return { role: "container", names: container };
  const names = images.get(id);
  return names === undefined ? { role: "unused", names: [] } : { role: "image", names };
}

/** containers/storage remembers whether it mounts with a program (fuse-overlayfs), which writes whiteouts its own way. */
function mountedByProgram(home: string): boolean | null {
  const flag = readWord(join(home, ".has-mount-program"));
  return flag === null ? null : flag === "true";
}

function noStorage(root: string): Error {
  const wanted = DRIVERS.map((driver: Driver) => `${driver}-layers/layers.json`).join(" and ");
  const inner = isDirectory(join(root, "storage")) ? "it has a directory storage: name that" : undefined;
  return notSuchATree("containers-storage", root, `there is neither of ${wanted}`, inner);
}
