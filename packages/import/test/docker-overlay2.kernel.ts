import { chownSync, readFileSync } from "node:fs";
import { unmount } from "@copyup/linux";
import { driver as overlay2 } from "@copyup/overlay2";
import type { LayerStore } from "@copyup/store";
import { beforeEach, describe, expect, test } from "vitest";
import { type Listing, listTree } from "../../archive/test/tree/support/listing.ts";
import { type ImportReport, importFrom } from "../src/index.ts";
import { DockerNotes, idOf } from "./support/docker-notes.ts";
import { age, fingerprint } from "./support/fingerprint.ts";
import { OverlayTree } from "./support/overlay-tree.ts";
import { Scratch } from "./support/scratch.ts";
import { viewOf } from "./support/views.ts";

/** Layers written by real overlay mounts, laid out as Docker's overlay2 does. Needs root and a mount namespace. */
let scratch: Scratch;
let root: string;
let tree: OverlayTree;
let notes: DockerNotes;
let store: LayerStore;
const [base, app, box] = [idOf("base"), idOf("app"), idOf("box")];

beforeEach(async () => {
  scratch = new Scratch();
  root = scratch.at("docker");
  tree = new OverlayTree(`${root}/overlay2`);
  notes = new DockerNotes(root, "overlay2");
  store = await scratch.store();
  tree.layer(
    base,
    null,
    "mkdir -p d/sub gone; echo one > d/one; echo two > d/sub/two; echo g > gone/g; head -c 9000 /dev/urandom > big",
  );
  tree.layer(app, base);
});

const failures = ({ failed }: ImportReport) => Object.fromEntries(failed.map(({ oldId, error }) => [oldId, error]));
const oldIds = ({ layers }: ImportReport) => layers.map(({ oldId }) => oldId);

/** A container on `app`: its mount's options, its edits, and what it showed. */
function container(script: string, options: string): Listing {
  const chains = notes.image("app:1", [base, app]);
  tree.layer(`${box}-init`, app);
  tree.layer(box, `${box}-init`);
  notes.container("web", box, chains[1]!);
  return tree.edit(box, script, options, listTree);
}

describe("docker-overlay2", () => {
  test("deletions, opaque directories and copied up files; the source is not touched", async () => {
    const real = tree.edit(
      app,
      "rm -r gone d/sub; mkdir gone; echo n > gone/n; chmod 600 d/one; mv big large",
      undefined,
      listTree,
    );
    notes.image("app:1", [base, app]);
    age(root);
    const before = fingerprint(root);
    const report = await importFrom(store, "docker-overlay2", root);
    expect(fingerprint(root)).toBe(before);
    expect(report.failed).toEqual([]);
    expect(await viewOf(store, report, app)).toEqual(real);
    const kernels = await scratch.store(overlay2);
    expect(await viewOf(kernels, await importFrom(kernels, "docker-overlay2", root), app)).toEqual(real);
  });

  for (const [mark, script, options, path] of [
    ["redirect", "mv d moved", "redirect_dir=on,metacopy=off,index=off", "moved"],
    ["metacopy", "chmod 600 big", "metacopy=on,redirect_dir=on,index=off", "big"],
  ] as const) {
    test(`${mark}: refused by name, never imported as emptiness; the rest is imported`, async () => {
      container(script, options);
      const report = await importFrom(store, "docker-overlay2", root, { containers: true });
      expect(oldIds(report)).toEqual([base, app, `${box}-init`]);
      const error = failures(report)[box]!;
      expect(error).toMatchObject({ code: "NOT_REPRESENTABLE", path });
      expect(error.message).toContain(`trusted.overlay.${mark}`);
      expect(await store.list()).toHaveLength(3);
    });
  }

  test("a running container's layer is left alone, its image is not", async () => {
    container("echo x > x", "index=off");
    tree.mount(box);
    const busy = await importFrom(store, "docker-overlay2", root, { containers: true });
    expect(failures(busy)[box]).toMatchObject({ code: "LAYER_IN_USE", path: tree.at(box, "merged") });
    expect(oldIds(busy)).toEqual([base, app, `${box}-init`]);
    unmount(tree.at(box, "merged"));
    expect(oldIds(await importFrom(store, "docker-overlay2", root, { containers: true }))).toContain(box);
  });

  test("a chain that is not whole is named; either of l/ and link will do", async () => {
    const [mixed, child] = [idOf("mixed"), idOf("child")];
    const other = idOf("other");
    tree.layer(other, base, "echo o > o");
    tree.layer(mixed, app, "echo m > m");
    tree.layer(child, mixed, "echo c > c");
    notes.image("child:1", [base, app, mixed, child]);
    notes.image("other:1", [base, other]);
    scratch.sh(`rm overlay2/${base}/link overlay2/l/${tree.link(app)}`, root);
    expect((await importFrom(store, "docker-overlay2", root)).failed).toEqual([]);
    scratch.sh(
      `echo -n "l/${tree.link(mixed)}:l/${tree.link(other)}:l/${tree.link(base)}" > overlay2/${child}/lower`,
      root,
    );
    const report = await importFrom(store, "docker-overlay2", root);
    expect(failures(report)[child]!.message).toContain(`not those of its parent ${mixed}`);
    scratch.sh(`rm -r overlay2/${other}`, root);
    expect(failures(await importFrom(store, "docker-overlay2", root))[other]!.message).toContain("is missing");
    scratch.sh(`rm -r overlay2/${app} overlay2/l/*`, root);
    const rest = failures(await importFrom(store, "docker-overlay2", root));
    expect(rest[mixed]!.message).toContain(`its lower layer l/${tree.link(app)} is missing`);
    expect(Object.keys(rest).sort()).toEqual([app, mixed, child, other].sort());
  });

  test("rootless trees: marks in user.overlay, and fuse-overlayfs' ways", async () => {
    const [fuse, faked] = [idOf("fuse"), idOf("faked")];
    scratch.sh(`mknod gone c 0 0; mkdir d; setfattr -n user.overlay.opaque -v y d; echo n > d/n`, tree.at(app, "diff"));
    tree.layer(
      fuse,
      base,
      "touch .wh.gone; mkdir d; touch d/.wh..wh..opq; echo n > d/n; setfattr -n user.fuseoverlayfs.origin -v x d/n",
    );
    tree.layer(faked, base, "echo f > f; setfattr -n user.containers.override_stat -v 5:5:0100644 f");
    for (const id of [app, fuse, faked]) notes.image(null, [base, id]);
    chownSync(tree.home, 1000, 1000);
    const report = await importFrom(store, "docker-overlay2", root);
    for (const id of [app, fuse]) {
      const listing = await viewOf(store, report, id);
      expect(Object.keys(listing).sort()).toEqual([".", "big", "d", "d/n"]);
      expect(listing["d/n"]).not.toContain("fuseoverlayfs");
    }
    expect(failures(report)[faked]).toMatchObject({ code: "NOT_REPRESENTABLE", path: "f" });
    scratch.sh("setfattr -n trusted.overlay.opaque -v y d", tree.at(app, "diff"));
    expect(failures(await importFrom(store, "docker-overlay2", root))[app]).toMatchObject({ code: "CORRUPT" });
    scratch.sh("setfattr -n user.overlay.redirect -v /d d", tree.at(fuse, "diff"));
    expect(failures(await importFrom(store, "docker-overlay2", root))[fuse]).toMatchObject({
      code: "NOT_REPRESENTABLE",
      path: "d",
    });
  });

  test("sockets are told; equal layers of two engines are one", async () => {
    scratch.sh("echo a > a", tree.at(app, "diff"));
    notes.image("app:1", [base, app]);
    const first = await importFrom(store, "docker-overlay2", root);
    const storage = new OverlayTree(scratch.at("storage/overlay"));
    scratch.sh(`mkdir overlay-layers; rm -r overlay/l; cp -a ${tree.home}/. overlay`, scratch.at("storage"));
    const records = [{ id: base }, { id: app, parent: base }];
    scratch.sh(`echo '${JSON.stringify(records)}' > overlay-layers/layers.json`, scratch.at("storage"));
    scratch.sh(
      `mkdir overlay-images; echo '${JSON.stringify([{ id: "x", layer: app, names: ["a:1"] }])}' > overlay-images/images.json`,
      scratch.at("storage"),
    );
    const second = await importFrom(store, "containers-storage", scratch.at("storage"));
    expect(second.layers.map(({ newId }) => newId)).toEqual(first.layers.map(({ newId }) => newId));
    scratch.sh(`python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s")'`, storage.at(app, "diff"));
    const third = await importFrom(await scratch.store(overlay2), "containers-storage", scratch.at("storage"));
    expect(third.layers[1]!.notes.join()).toContain("s: a socket");
    expect(readFileSync(storage.at(app, "diff/a"), "utf8")).toBe("a\n");
  });
});
