import { describe, expect, test } from "vitest";
import type { OldLayer } from "../src/index.ts";
import { engines, importFrom, readOldGraph } from "../src/index.ts";
import { parentsFirst } from "../src/transfer/parents-first.ts";
import { Scratch } from "./support/scratch.ts";

describe("what is no such tree", () => {
  test("says what was looked for, and what is there", () => {
    const scratch = new Scratch();
    scratch.sh("mkdir -p docker/overlay2/l docker/image empty containers/storage; touch file");
    const refusal = (engine: string, name: string) => {
      try {
        readOldGraph(engine, scratch.at(name));
      } catch (error) {
        return error as Error & { code: string; hint?: string };
      }
      throw new Error(`${engine} took ${name}`);
    };
    for (const { name } of engines) expect(refusal(name, "empty").code).toBe("BAD_OPTION");
    expect(refusal("docker-aufs", "empty").message).toContain("neither it nor its aufs holds layers/ and diff/");
    expect(refusal("docker-vfs", "docker").hint).toBe("it holds overlay2");
    expect(refusal("containers-storage", "containers").hint).toContain("storage");
    expect(refusal("containers-storage", "empty").message).toContain("overlay-layers/layers.json");
    expect(refusal("docker-overlay2", "file").message).toContain("no directory");
    expect(refusal("docker-overlay2", "nothing").message).toContain("no directory");
    expect(refusal("docker-btrfs", "docker").hint).toContain("docker-aufs, docker-overlay2");
  });

  test("an empty tree gives nothing", async () => {
    const scratch = new Scratch();
    scratch.sh("mkdir -p docker/overlay2/l docker/image/overlay2/layerdb/sha256");
    const report = await importFrom(await scratch.store(), "docker-overlay2", scratch.at("docker"));
    expect(report).toEqual({ layers: [], failed: [], leftOut: [], notes: [] });
  });
});

describe("the order", () => {
  const layer = (id: string, parent: string | null): OldLayer => ({
    id,
    parent,
    dir: `/${id}`,
    writing: "tree",
    role: "image",
    diffId: null,
    chainId: null,
    names: [],
  });

  test("a parent before its children, a long chain too; circles and orphans are told", () => {
    const long = Array.from({ length: 5000 }, (_, i) => layer(`l${i}`, i === 0 ? null : `l${i - 1}`)).reverse();
    expect(parentsFirst(long).layers.map(({ id }) => id)).toEqual(long.map(({ id }) => id).reverse());
    const { layers, orphans } = parentsFirst([
      layer("x", "y"),
      layer("y", "x"),
      layer("z", "y"),
      layer("o", "gone"),
      layer("p", "o"),
      layer("fine", null),
    ]);
    expect(layers.map(({ id }) => id)).toEqual(["fine"]);
    expect(orphans.map(({ id }) => id).sort()).toEqual(["o", "p", "x", "y", "z"]);
    expect(orphans.find(({ id }) => id === "p")!.message).toBe("layer gone, the parent of o, is missing");
    expect(orphans.find(({ id }) => id === "z")!.message).toContain("its own ancestor");
  });
});
