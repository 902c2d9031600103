import { chownSync, readFileSync } from "node:fs";
import { getXattr, unmount } from "@copyup/linux";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
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

/** What an engine's mount may have: the layers then hold redirects, and files whose bytes lie below. */
const FOLLOWED = "metacopy=on,redirect_dir=on,index=off,xino=off";

/** Some 25 edits, the same ones for a seed. */
function randomEdits(seed: number): string {
  return `RANDOM=${seed}
one() { find . -mindepth 1 $1 | LC_ALL=C sort | sed -n "$((RANDOM % 23 + 1))p"; }
for i in $(seq 25); do
  d=$(one "-type d"); f=$(one "-type f"); e=$(one "-type d")
  case $((RANDOM % 9)) in
    0|1|2) [ -n "$d" ] && mv -T "$d" "\${e:-.}/m$i" ;;
    3) [ -n "$f" ] && mv -T "$f" "\${e:-.}/n$i" ;;
    4|5) [ -n "$f" ] && chmod 6$((RANDOM % 8))4 "$f" ;;
    6) [ -n "$f" ] && echo more >> "$f" ;;
    7) [ -n "$d" ] && mkdir "$d/k$i" && echo new > "$d/k$i/new" ;;
    8) [ $((RANDOM % 3)) = 0 ] && [ -n "$e" ] && { rm -r "$e"; mkdir "$e"; } ;;
  esac 2>/dev/null || true
done`;
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

  test("a name whose bytes are in no layer below is refused, never imported as zeros; the rest is imported", async () => {
    container("chmod 600 big; mv d moved", FOLLOWED);
    expect(getXattr(tree.at(box, "diff/big"), "trusted.overlay.metacopy")).not.toBeNull();
    scratch.sh("rm big", tree.at(base, "diff"));
    const report = await importFrom(store, "docker-overlay2", root, { containers: true });
    expect(oldIds(report)).toEqual([base, app, `${box}-init`]);
    expect(failures(report)[box]).toMatchObject({ code: "NOT_REPRESENTABLE", path: "big" });
    expect(await store.list()).toHaveLength(3);
  });

  for (const seed of [1, 2, 3]) {
    test(`redirects and metacopy over four layers, as the kernel shows them: seed ${seed}`, async () => {
      const ids = [1, 2, 3, 4].map((i) => idOf(`layer ${i}`));
      scratch.sh(
        "mkdir -p a/b/c x/y z; for i in 1 2 3 4 5 6; do head -c 5000 /dev/urandom > a/b/f$i; cp a/b/f$i x/y/g$i; done",
        tree.at(base, "diff"),
      );
      const views: Record<string, Listing> = {};
      for (const [i, id] of ids.entries()) {
        tree.layer(id, ids[i - 1] ?? base);
        views[id] = tree.edit(id, randomEdits(seed * 10 + i), FOLLOWED, listTree);
      }
      notes.image("four:1", [base, ...ids]);
      const found = scratch.sh("getfattr -R -h -d -m trusted.overlay . | grep -cE 'redirect|metacopy'", tree.home);
      expect(Number(found)).toBeGreaterThan(3);
      for (const driver of [plainCopy, overlay2]) {
        const into = await scratch.store(driver, `seed-${driver.name}`);
        const report = await importFrom(into, "docker-overlay2", root);
        expect(report.failed).toEqual([]);
        for (const id of ids) expect(await viewOf(into, report, id), `layer ${ids.indexOf(id)}`).toEqual(views[id]);
      }
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
