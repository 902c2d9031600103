import { join } from "node:path";
import type { DamagedLayer, OldLayer } from "../../old-graph.ts";
import { readJson } from "../../read/files.ts";
import { objectIn, textIn } from "../../read/json-shape.ts";
import type { DockerHome } from "./home.ts";
import { imageNames, tags } from "./image-names.ts";
import { readLayerDb } from "./layerdb.ts";

type Known = Pick<OldLayer, "role" | "diffId" | "chainId" | "names">;

/** What Docker knew of its layers' directories. */
export interface Books {
  /** Of a directory; `others`: the names of all of them. */
  about(id: string, others: ReadonlySet<string>): Known;
  /** Parents by the image store: the only source where the driver keeps none. Null: a base, or not known. */
  parentOf(id: string): string | null;
  /** The image store's layers, so that a missing directory is noticed. */
  readonly expected: ReadonlySet<string>;
  readonly damaged: readonly DamagedLayer[];
  readonly notes: readonly string[];
}

export function readBooks({ root, driver }: DockerHome): Books {
  if (root === null) return withoutBooks(new Map(), "only the driver's directory is there, so images have no names");
  const imageDirectory = join(root, "image", driver);
  const db = readLayerDb(join(imageDirectory, "layerdb"));
  if (db === null) return withoutBooks(oldTags(root, driver), `there is no ${imageDirectory}/layerdb`);
  const names = imageNames(imageDirectory);
  const containers = new Map(db.containers);
  const inits = new Map([...containers.values()].map((one) => [one.initId ?? "", one]));
  return {
    expected: new Set(db.images.keys()),
    damaged: db.damaged,
    notes: [],
    about(id) {
      const image = db.images.get(id);
      if (image) {
        const { chainId, diffId } = image;
        return { role: "image", chainId, diffId, names: names.get(chainId) ?? [] };
      }
      const known = { chainId: null, diffId: null };
      const container = containers.get(id);
      if (container) return { ...known, role: "container", names: containerNames(root, container.container) };
      return { ...known, role: inits.has(id) ? "container" : "unused", names: [] };
    },
    parentOf(id) {
      const container = containers.get(id);
      if (container?.initId) return container.initId;
      const chain = db.images.get(id)?.parent ?? container?.parent ?? inits.get(id)?.parent ?? null;
      // A chain that is not there is named as it is: no layer has such a name.
      return chain === null ? null : (db.byChain.get(chain) ?? chain);
    },
  };
}

/** A container has an init layer beside it; all others are taken for images'. */
function withoutBooks(names: ReadonlyMap<string, string[]>, note: string): Books {
  return {
    expected: new Set(),
    damaged: [],
    notes: [`${note}: every layer counts as an image's, but those with a -init beside them`],
    about: (id, others) => ({
      role: id.endsWith("-init") || others.has(`${id}-init`) ? "container" : "image",
      diffId: null,
      chainId: null,
      names: names.get(id) ?? [],
    }),
    parentOf: () => null,
  };
}

/** Before 1.10 an image's id was its layer's, and the tags stood in `repositories-<driver>`. */
function oldTags(root: string, driver: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, id] of tags(join(root, `repositories-${driver}`))) names.set(id, [...(names.get(id) ?? []), name]);
  return names;
}

function containerNames(root: string, container: string): string[] {
  const path = join(root, "containers", container, "config.v2.json");
  const config = readJson(path);
  const name = config === null ? null : textIn(objectIn(config, path), "Name")?.replace(/^\//, "");
  return [name || container];
}
