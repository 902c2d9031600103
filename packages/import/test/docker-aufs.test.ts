import { readFileSync } from "node:fs";
import type { LayerStore } from "@copyup/store";
import { beforeEach, describe, expect, test } from "vitest";
import { listTree } from "../../archive/test/tree/support/listing.ts";
import { type ImportReport, importFrom } from "../src/index.ts";
import { AufsTree } from "./support/aufs-tree.ts";
import { DockerNotes, idOf, sha256 } from "./support/docker-notes.ts";
import { age, fingerprint } from "./support/fingerprint.ts";
import { Scratch } from "./support/scratch.ts";

/** An aufs graph as Docker left it, on a kernel that knows no aufs. plain-copy: the whole tree is there to be looked at. */
let scratch: Scratch;
let tree: AufsTree;
let notes: DockerNotes;
let store: LayerStore;
let root: string;
const [base, app, box] = [idOf("base"), idOf("app"), idOf("box")];
const DATE = "2020-01-01T00:00:00.123456789Z";

beforeEach(async () => {
  scratch = new Scratch();
  root = scratch.at("docker");
  tree = new AufsTree(root);
  notes = new DockerNotes(root, "aufs");
  store = await scratch.store();
  tree.layer(
    base,
    null,
    `mkdir -p etc d/sub gone op was-dir; echo one > d/one; echo two > d/sub/two; echo x > gone/x; echo low > op/low
echo f > was-file; echo h > h1; ln h1 h2; echo old > was-dir/old; ln -s d/one link; chmod 4711 d/one`,
    false,
  );
  tree.layer(
    app,
    base,
    `wh gone; mkdir op; opq op; echo new > op/new; mkdir was-file; opq was-file; echo in > was-file/in
echo now > was-dir; mkdir d; wh d/sub; cp -p ../${base}/d/one d/one; echo changed >> d/one; wh h2
echo both > both; wh both; echo orphan > .wh..wh.orph/left; echo '# removed' > etc; rm etc`,
  );
  tree.layer(`${box}-init`, app, "mkdir dev; : > dev/console; mkdir d");
  tree.layer(box, `${box}-init`, "echo mine > mine; wh both; mkdir d; wh d/one");
  const chains = notes.image("shop/app:1", [base, app]);
  notes.container("web", box, chains[1]!);
});

function tree1(name: string, script: string): ReturnType<typeof listTree> {
  scratch.sh(`mkdir ${name}; cd ${name}\n${script}\nfind . -exec touch -h -d ${DATE} {} +`);
  return listTree(scratch.at(name));
}

const BASE = `mkdir -p etc d/sub gone op was-dir; echo one > d/one; echo two > d/sub/two; echo x > gone/x; echo low > op/low
echo f > was-file; echo h > h1; ln h1 h2; echo old > was-dir/old; ln -s d/one link; chmod 4711 d/one`;
const APP = `${BASE}
rm -r gone op was-file was-dir d/sub h2; mkdir op was-file; echo new > op/new; echo in > was-file/in; echo now > was-dir
echo changed >> d/one`;

async function shown(report: ImportReport, oldId: string): Promise<ReturnType<typeof listTree>> {
  const id = report.layers.find((layer) => layer.oldId === oldId)!.newId;
  return listTree(store.access(await store.get(id)).dir);
}

describe("docker-aufs", () => {
  test("each layer's view is what aufs showed; the source is not touched", async () => {
    age(root);
    const before = fingerprint(root);
    const report = await importFrom(store, "docker-aufs", root);
    expect(fingerprint(root)).toBe(before);
    expect(report.failed).toEqual([]);
    expect(report.layers.map(({ oldId, names, reused }) => [oldId, names, reused])).toEqual([
      [base, [], false],
      [app, ["shop/app:1"], false],
    ]);
    expect(await shown(report, base)).toEqual(tree1("base", BASE));
    expect(await shown(report, app)).toEqual(tree1("app", APP));
    expect(report.leftOut.map(({ id }) => id).sort()).toEqual([box, `${box}-init`].sort());
    expect(report.leftOut.find(({ id }) => id === box)!.reason).toContain("web");
    const { labels } = await store.get(report.layers[1]!.newId);
    expect(labels).toMatchObject({
      "from.engine": "docker-aufs",
      "from.id": app,
      "from.names": "shop/app:1",
      "from.diff-id": sha256(`diff of ${app}`),
    });
    // Docker's diff id is of other bytes: ours is of the archive that was applied.
    expect(report.layers[1]!.diffId).not.toBe(report.layers[1]!.oldDiffId);
  });

  test("containers too, where asked for", async () => {
    const report = await importFrom(store, "docker-aufs", root, { containers: true });
    expect(report.layers.map(({ oldId }) => oldId)).toEqual([base, app, `${box}-init`, box]);
    expect(report.layers.at(-1)!.names).toEqual(["web"]);
    expect(report.leftOut).toEqual([]);
    const view = `${APP}\nmkdir dev; : > dev/console; echo mine > mine; rm d/one`;
    expect(await shown(report, box)).toEqual(tree1("box", view));
  });

  test("done again it imports nothing new; after an interruption it goes on", async () => {
    const controller = new AbortController();
    const stopped = importFrom(store, "docker-aufs", root, {
      containers: true,
      signal: controller.signal,
      onLayer: ({ oldId }) => oldId === app && controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(await store.list()).toHaveLength(2);
    expect((await store.check()).problems).toEqual([]);
    const report = await importFrom(store, "docker-aufs", root, { containers: true });
    expect(report.layers.map(({ reused }) => reused)).toEqual([true, true, false, false]);
    const again = await importFrom(store, "docker-aufs", root, { containers: true });
    expect(again.layers.map(({ oldId, newId }) => `${oldId} ${newId}`)).toEqual(
      report.layers.map(({ oldId, newId }) => `${oldId} ${newId}`),
    );
    expect(again.layers.every(({ reused }) => reused)).toBe(true);
    expect(await store.list()).toHaveLength(4);
  });

  test("a layer that changed since is imported anew: what is there is compared, not its name", async () => {
    const first = await importFrom(store, "docker-aufs", root);
    scratch.sh("echo more >> op/new", tree.diff(app));
    const second = await importFrom(store, "docker-aufs", root);
    expect(second.layers[0]!.newId).toBe(first.layers[0]!.newId);
    expect(second.layers[1]!.newId).not.toBe(first.layers[1]!.newId);
    expect(second.layers[1]!.reused).toBe(false);
  });

  test("hard links that aufs lost at an unmount are told", async () => {
    tree.layer(idOf("linked"), base, "echo h > h1; echo new >> h1; ln h1 .wh..wh.plnk/1234.5678");
    notes.image(null, [base, idOf("linked")]);
    const report = await importFrom(store, "docker-aufs", root);
    const layer = report.layers.find(({ oldId }) => oldId === idOf("linked"))!;
    expect(layer.notes.join()).toContain("1 hard link of aufs");
    const { dir } = store.access(await store.get(layer.newId));
    expect([readFileSync(`${dir}/h1`, "utf8"), readFileSync(`${dir}/h2`, "utf8")]).toEqual(["h\nnew\n", "h\n"]);
  });

  test("what is damaged is named, the rest imported", async () => {
    const [orphan, child, lost] = [idOf("orphan"), idOf("child"), idOf("lost")];
    tree.layer(orphan, idOf("nobody"), "echo o > o");
    tree.layer(child, orphan, "echo c > c");
    tree.layer(lost, base, "echo l > l");
    tree.layer(`${idOf("dead")}-removing`, base, "echo d > d");
    tree.layer(idOf("cache"), base, "echo b > b");
    notes.image("lost:1", [base, lost]);
    notes.image("orphan:1", [base, orphan, child]);
    scratch.sh(`rm -r aufs/diff/${lost}`, root);
    const report = await importFrom(store, "docker-aufs", root);
    expect(report.layers.map(({ oldId }) => oldId)).toEqual([base, app]);
    const failures = Object.fromEntries(report.failed.map(({ oldId, error }) => [oldId, error]));
    expect(Object.keys(failures).sort()).toEqual([orphan, child, lost].sort());
    expect(failures[child]).toMatchObject({ code: "CORRUPT" });
    expect(failures[child]!.message).toContain(`layer ${idOf("nobody")}, the parent of ${orphan}, is missing`);
    expect(failures[lost]!.message).toContain(`aufs/diff/${lost} is missing`);
    const reasons = Object.fromEntries(report.leftOut.map(({ id, reason }) => [id, reason]));
    expect(reasons[`${idOf("dead")}-removing`]).toContain("being removed");
    expect(reasons[idOf("cache")]).toContain("no image and no container");
  });

  test("the driver's directory alone will do; names of before 1.10 too", async () => {
    const alone = await importFrom(store, "docker-aufs", tree.home);
    expect(alone.layers.map(({ oldId }) => oldId)).toEqual([base, app]);
    expect(alone.layers[1]!.names).toEqual(["shop/app:1"]);
    scratch.sh("mv image gone; mv containers gone/", root);
    const early = JSON.stringify({ Repositories: { busy: { latest: app } } });
    scratch.sh(`echo '${early}' > repositories-aufs`, root);
    const old = await importFrom(store, "docker-aufs", root);
    expect(old.layers.map(({ newId }) => newId)).toEqual(alone.layers.map(({ newId }) => newId));
    expect(old.layers[1]!.names).toEqual(["busy:latest"]);
    expect(old.leftOut.map(({ id }) => id).sort()).toEqual([box, `${box}-init`].sort());
  });
});
