import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import { archive, hardLink, ROOT, symlink } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewOf } from "../diff/layers.ts";
import { failureOf, hostileGround } from "./ground.ts";

const cites = ["catalogue.md 6 MT", "rules.md rules 6 and 12"];

/** MT15 */
export const devicesAndUser: Check = {
  id: "MT15",
  title: "Devices and foreign owners: kept by root; an ordinary user is told which entry, or keeps a count of the loss",
  restsOn: ["special"],
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const { store } = ground;
    const device = archive(
      ROOT,
      { path: "null", type: "3", device: [1, 3] },
      { path: "suid", mode: 0o4755, data: "x" },
    );
    // Root of a user namespace has some ids besides its own: none gets this one from /etc/subuid.
    const id = trial.host.fullRoot ? 12_345 : 3_000_000_000;
    const owner = archive(ROOT, { path: "theirs", uid: id, gid: id, data: "x" });
    if (trial.host.fullRoot) {
      const view = await ground.accepts("a device and a suid file", device);
      trial.equal([view.get("null")?.device, view.get("suid")?.permissions], ["1:3", 0o4755], "device and suid");
      trial.equal((await ground.accepts("an owner", owner)).get("theirs")?.owner, "12345:12345", "owner");
      return;
    }
    await ground.refuses("a device", device, { codes: ["NOT_REPRESENTABLE"], entry: "null" });
    await ground.refuses("an owner", owner, { codes: ["NOT_REPRESENTABLE"], entry: "theirs" });
    for (const [kind, tar, path] of [
      ["device", device, "null"],
      ["owner", owner, "theirs"],
    ] as const) {
      const { layer, lost, lostExamples } = await store.apply([tar], { lossy: true, durability: "none" });
      trial.equal(lost, { [kind]: 1 }, `what a lossy apply lost of a ${kind}`);
      trial.ok(lostExamples[kind]?.startsWith(path), `the example ${lostExamples[kind]} names ${path}`);
      trial.equal((await store.get(layer.id)).lost, { [kind]: 1 }, "layer.json keeps the count");
      trial.equal((await viewOf(store, layer)).has("suid"), kind === "device", "the rest is there");
    }
    trial.ok(isStorageError(await failureOf(store.apply([device]))), "still refused without lossy");
  },
};

/** MT16 */
export const rootEntry: Check = {
  id: "MT16",
  title: "An entry for the root sets its attributes and cannot change its type",
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const path of [".", "./", "/", "./."]) {
      const view = await ground.accepts(`root as ${path}`, archive({ path, type: "5", mode: 0o1777, mtime: 1234 }));
      trial.equal(
        [view.get("")?.permissions, view.get("")?.mtimeNs],
        [0o1777, 1_234_000_000_000n],
        `attributes by ${path}`,
      );
      trial.equal(view.get("file")?.text, "parent's file", `${path}: the rest is as below`);
      await ground.refuses(`root as a symlink, ${path}`, archive(symlink(path, ground.victim), { path: "x" }));
      await ground.refuses(`root as a file, ${path}`, archive({ path: path.replace(/\/$/, "/."), data: "x" }));
      await ground.refuses(`root as a fifo, ${path}`, archive({ path, type: "6" }));
      await ground.refuses(`root as a hard link, ${path}`, archive(ROOT, { path: "f" }, hardLink(path, "f")));
    }
    await ground.refuses("a whiteout of the root's name", archive(ROOT, { path: "./.wh.." }));
    await ground.refuses("a hard link to the root", archive(ROOT, hardLink("x", ".")), { entry: "x" });
  },
};
