import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { readCanonical } from "../../tar/read-canonical.ts";
import { plantDirectory, plantFile, plantLink, plantSymlink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { plantEveryKind, requireOwnId } from "./every-kind.ts";
import { applied, exported, layerOn, sha256Of, viewing } from "./layers.ts";
import { treeLines } from "./read-tree.ts";

/** DA02 */
export const diffOfAppliedDiff: Check = {
  id: "DA02",
  title: "diff(apply(diff(layer))) is byte-identical, and its digest is the layer's diff id",
  cites: [
    "catalogue.md DA02",
    "layers.md: an exported layer is a function of two views",
    "moby tar-split exists because this did not hold",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    requireOwnId(trial, trial.directoryFor("own"));
    const base = await layerOn(store, null, (root) => plantEveryKind(trial, root));
    const child = await layerOn(store, base, (root) => {
      rmSync(`${root}/text`);
      rmSync(`${root}/links`, { recursive: true });
      rmSync(`${root}/sgid`, { recursive: true });
      mkdirSync(`${root}/sgid`);
      rmSync(`${root}/empty`);
      plantDirectory(root, "empty");
      plantFile(root, "empty/now-a-directory");
      plantFile(root, "sticky/new", "n");
      writeFileSync(`${root}/large`, "short now");
    });
    const first = await exported(store, base);
    const again = await applied(store, null, first);
    trial.ok(first.equals(await exported(store, again)), "the base again");
    trial.equal(again.diffId, sha256Of(first), "diff id of the applied base");
    const second = await exported(store, child);
    const onOriginal = await applied(store, base, second);
    const onCopy = await applied(store, again, second);
    trial.ok(second.equals(await exported(store, onOriginal)), "the child on its own parent");
    trial.ok(second.equals(await exported(store, onCopy)), "the child on the copy of its parent");
    trial.equal((await store.get(child.id)).diffId, sha256Of(second), "a diff leaves the diff id in the record");
    trial.equal(
      (await store.get(onCopy.id)).chainId,
      (await store.get(onOriginal.id)).chainId,
      "equal chains have one chain id",
    );
    trial.equal(await viewing(store, onCopy, treeLines), await viewing(store, child, treeLines), "the views");
  },
};

/** DA03 */
export const paxLimits: Check = {
  id: "DA03",
  title: "What ustar cannot say goes into PAX and comes back: long paths and links, huge ids, old and ns times, 9 GiB",
  restsOn: ["names", "times", "extents"],
  cites: ["catalogue.md DA03", "POSIX pax, extended header keywords", "tar-stream 3.2 loses ns times (measured)"],
  async run(trial: Trial) {
    const store = await trial.store();
    const at100 = `${"d".repeat(48)}/${"f".repeat(51)}`;
    const at256 = `${"p".repeat(154)}/${"f".repeat(101)}`;
    const at300 = `${"q".repeat(200)}/${"f".repeat(99)}`;
    const layer = await layerOn(store, null, (root) => {
      for (const path of [at100, `${at100}1`, at256, at300])
        plantFile(root, path, "x", { mtimeNs: 1_000_000_000_000_000_000n });
      plantSymlink(root, "l", "t/".repeat(70), { mtimeNs: -1n });
      plantLink(root, at300, "z-link");
      plantFile(root, "ns", "x", { mtimeNs: 1n });
      plantFile(root, "before", "x", { mtimeNs: -2_500_000_000n });
      if (trial.host.fullRoot) plantFile(root, "ids", "x", { uid: 2_097_152, gid: 4_294_967_294, mtimeNs: 0n });
    });
    const tar = await exported(store, layer);
    const members = new Map(readCanonical(tar).map((m) => [m.path, m]));
    const keys = (path: string) => members.get(path)?.paxKeys.join(" ");
    trial.equal(keys(at100), "", "a path of 100 bytes needs no PAX record");
    trial.equal(keys(at300), "path", "a path that no prefix can split does");
    trial.equal([keys("l"), members.get("l")?.link], ["linkpath mtime", "t/".repeat(70)], "a long link");
    trial.equal([members.get("z-link")?.type, members.get("z-link")?.link], ["1", at300], "a hard link to a long path");
    trial.equal(members.get("ns")?.mtime, "0.000000001", "one nanosecond");
    trial.equal(members.get("before")?.mtime, "-2.5", "before 1970");
    if (trial.host.fullRoot)
      trial.equal(
        [keys("ids"), members.get("ids")?.uid, members.get("ids")?.gid],
        ["gid uid", 2_097_152, 4_294_967_294],
        "ids",
      );
    const copy = await applied(store, null, tar);
    trial.equal(
      await viewing(store, copy, treeLines),
      await viewing(store, layer, treeLines),
      "the view of the archive applied",
    );
    await largeFile(trial);
  },
};

/** The header of a 9 GiB file, without reading its bytes: the diff is stopped early. */
async function largeFile(trial: Trial): Promise<void> {
  const store = await trial.store();
  await using active = await store.prepare();
  await using mount = await active.mount();
  const size = 9 * 2 ** 30;
  writeFileSync(`${mount.path}/large`, "");
  truncateSync(`${mount.path}/large`, size);
  let head = Buffer.alloc(0);
  for await (const part of store.diff(active.id)) {
    head = Buffer.concat([head, part]);
    if (head.length >= 8192) break;
  }
  trial.ok(head.includes(`size=${size}\n`), "a size over 8 GiB is in a PAX record");
}
