import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importFrom, readOldGraph } from "../src/index.ts";
import { Scratch } from "./support/scratch.ts";

/** The vfs driver's trees need no rights: what the records say, and what is wrong with them. */
function storage(scratch: Scratch, files: Readonly<Record<string, unknown>>): string {
  const root = scratch.at("storage");
  for (const [name, value] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(name.endsWith("/") ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  }
  return root;
}

const [a, b, c, d] = ["aa", "bb", "cc", "dd"].map((text) => text.repeat(32)) as [string, string, string, string];

describe("containers-storage", () => {
  test("images and what they stand on; unfinished layers and containers are left out", async () => {
    const scratch = new Scratch();
    const root = storage(scratch, {
      "vfs-layers/layers.json": [
        { id: b, parent: a, "diff-digest": `sha256:${b}` },
        { id: a },
        { id: c, parent: a, flags: { incomplete: true } },
        { id: "lost", parent: a },
      ],
      "vfs-layers/volatile-layers.json": [{ id: d, parent: b }],
      "vfs-images/images.json": [
        { id: "i", layer: b, names: ["one:1", "one:latest"] },
        { id: "j", layer: "lost", names: null },
      ],
      "vfs-containers/volatile-containers.json": [{ id: "k", layer: d, names: ["box"] }],
      [`vfs/dir/${a}/`]: null,
      [`vfs/dir/${a}/one`]: "1",
      [`vfs/dir/${b}/two`]: "2",
      [`vfs/dir/${c}/`]: null,
      [`vfs/dir/${d}/two`]: "2",
    });
    const store = await scratch.store();
    const report = await importFrom(store, "containers-storage", root);
    expect(report.layers.map(({ oldId, names }) => [oldId, names])).toEqual([
      [a, []],
      [b, ["one:1", "one:latest"]],
    ]);
    expect(report.failed.map(({ oldId, error }) => [oldId, error.code])).toEqual([["lost", "CORRUPT"]]);
    expect(Object.fromEntries(report.leftOut.map(({ id, reason }) => [id, reason]))).toEqual({
      [c]: "it was never finished",
      [d]: "a container's of box: --containers imports such layers too",
    });
    const changes: string[] = [];
    for await (const { kind, path } of store.changes(report.layers[1]!.newId)) {
      // The root's time may differ or not.
      if (path.length > 0) changes.push(`${kind} ${Buffer.from(path)}`);
    }
    expect(changes).toEqual(["delete one", "add two"]);
  });

  test("records that cannot be understood are named", () => {
    const scratch = new Scratch();
    const root = storage(scratch, { "vfs-layers/layers.json": "[{" });
    expect(() => readOldGraph("containers-storage", root)).toThrow(/vfs-layers\/layers\.json: /);
    for (const bad of [{}, [1], [{ id: "../../etc" }], [{ id: a, parent: ".." }], [{ parent: a }]]) {
      storage(scratch, { "vfs-layers/layers.json": bad });
      expect(() => readOldGraph("containers-storage", root)).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    }
  });
});
