import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { treeUsage } from "@copyup/archive";
import { isStorageError } from "@copyup/core";
import { statfs } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { spawnProgram } from "../../child/spawn-program.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantFile, plantLink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { tmpfs } from "../failures/small-filesystem.ts";
import { failureOf } from "../hostile/ground.ts";

const MIB = 2 ** 20;
/** An archive of that many files of that size. */
const big = (files: number, bytes: number) =>
  archive(
    ROOT,
    directory("d"),
    ...Array.from({ length: files }, (_, k) => ({ path: `d/f${k}`, data: Buffer.alloc(bytes, k) })),
  );

export const spaceGivenBack: Check = {
  id: "PN06",
  title: "space comes back: after remove, after a remove that was killed, and of a layer whose record is lost",
  cites: ["moby#21925, moby#45939: diffs of layers nobody knows", "containerd#13416", "KL04"],
  needs: ["mount", "own-process"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 64 * MIB });
    const tar = big(300, 16 * 1024);
    const file = path.join(trial.directoryFor("archive"), "layer.tar");
    writeFileSync(file, tar);
    await using store = await small.openStore();
    const base = await store.prepare({ id: "base" });
    await base.commit({ durability: "none" });
    const free = () => statfs(small.path).freeBytes;
    const before = free();
    const givenBack = (what: string) => {
      // The base's lock files, and directories that grew.
      const lost = before - free();
      trial.ok(lost < 64 * 1024, `${what}: ${lost} bytes are not given back`);
    };
    for (const id of ["a", "b"]) await store.apply([tar], { id, parent: "base", durability: "none" });
    trial.ok(before - free() > 5 * MIB, "two layers take space");
    for (const id of ["a", "b"]) await store.remove(id);
    givenBack("after remove");

    const remover = await spawnProgram(trial, "repeat-verb", store.root, ["remove", file]);
    remover.send("go");
    await remover.line();
    // In the midst of it: the layer is in the trash, and not yet gone.
    const buried = () => readdirSync(`${store.root}/trash`).filter((name) => !name.endsWith(".lock"));
    while (buried().length === 0) {
      trial.signal.throwIfAborted();
      await setImmediate();
    }
    await remover.kill("SIGKILL");
    {
      await using next = await small.openStore();
      for (const { id } of await next.list()) if (id !== "base") await next.remove(id);
    }
    givenBack("after a killed remove, and opening the store");

    await store.apply([tar], { id: "orphan", parent: "base", durability: "none" });
    rmSync(`${store.root}/layers/orphan/layer.json`);
    trial.ok(
      (await store.check()).problems.some(({ layer }) => layer === "orphan"),
      "check names the layer without a record",
    );
    await store.remove("orphan");
    givenBack("after removing a layer without its record");
  },
};

export const inodeExhaustion: Check = {
  id: "PN07",
  title: "out of inodes is an error of its own that says so, and usage counts inodes",
  cites: ["moby#10613, moby#37077: no space left on device, with half of the disk free", "FA09 for every verb"],
  needs: ["mount"],
  async run(trial: Trial) {
    using small = tmpfs(trial, { bytes: 64 * MIB, inodes: 1500 });
    await using store = await small.openStore();
    const { layer } = await store.apply([big(200, 10)], { durability: "none" });
    const usage = await store.usage(layer.id);
    // The root, `d` and the files; a driver may have directories of its own beside them.
    trial.ok(usage.inodes >= 202 && usage.inodes < 212, `usage of 202 names counts ${usage.inodes} inodes`);
    const error = await failureOf(store.apply([big(2000, 10)], { id: "more", durability: "none" }));
    trial.ok(isStorageError(error, "NO_INODES"), `an archive of 2,000 files: NO_INODES, not ${error}`);
    trial.ok(/inode/.test(`${error.message} ${error.hint}`), `"${error.message}" ("${error.hint}") speaks of inodes`);
    trial.ok(statfs(small.path).freeBytes > 32 * MIB, "though there is space");
    await store.apply([big(200, 10)], { id: "more", durability: "none" });
  },
};

export const sumsCountOnce: Check = {
  id: "PN19",
  title: "the layers' usages add up to what lies on disk: nothing is counted in two layers or twice in one",
  restsOn: ["extents"],
  cites: ["podman#2868: sizes of layers counted twice", "DA16 for hard links"],
  async run(trial: Trial) {
    const store = await trial.store();
    let parent = await layerOn(store, null, (root) => {
      plantFile(root, "a", Buffer.alloc(MIB, 1));
      plantLink(root, "a", "b");
    });
    const ids = [parent.id];
    for (let k = 0; k < 4; k++) {
      parent = await layerOn(store, parent, (root) => plantFile(root, `f${k}`, Buffer.alloc(MIB / 4, k)));
      ids.push(parent.id);
    }
    let [bytes, inodes] = [0, 0];
    for (const id of ids) {
      const usage = await store.usage(id);
      bytes += usage.bytes;
      inodes += usage.inodes;
    }
    const disk = await treeUsage(`${store.root}/layers`);
    // Beside the bodies: records, manifests and directories, some files a layer.
    trial.ok(bytes <= disk.bytes, `usages add up to ${bytes} bytes, ${disk.bytes} lie on disk`);
    trial.ok(disk.bytes - bytes < ids.length * 64 * 1024, `${disk.bytes - bytes} bytes on disk belong to no layer`);
    trial.ok(inodes <= disk.inodes && disk.inodes - inodes < ids.length * 16, `${inodes} inodes of ${disk.inodes}`);
  },
};
