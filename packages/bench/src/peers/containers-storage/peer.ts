import { spawnSync } from "node:child_process";
import path from "node:path";
import { findProgram } from "@copyup/linux";
import type { Peer } from "../peer.ts";
import { applying, creating, diffing, listing, listingChanges, mounting } from "./jobs.ts";
import { StoreCommand } from "./store-command.ts";

/** The library of Podman, Buildah and CRI-O, through its own command. */
export const containersStorage: Peer = {
  name: "containers-storage",
  debianPackage: "containers-storage",
  version: () => (findProgram("containers-storage") === null ? null : packagedVersion()),
  contestants: {
    mount: ["containers-storage overlay"],
    apply: ["containers-storage overlay"],
    diff: ["containers-storage overlay"],
    changes: ["containers-storage vfs", "containers-storage overlay"],
    copy: ["containers-storage vfs", "containers-storage overlay"],
    list: ["containers-storage overlay"],
  },
  fairness: {
    mount: "containers-storage starts twice for each mount and opens its store each time: taken off as its start.",
    apply: "containers-storage also keeps the archive's headers, compressed (tar-split).",
    diff: "containers-storage puts the archive together again from the headers it kept.",
    changes:
      "containers-storage vfs compares two whole trees as plain-copy does, its overlay looks at the upper alone.",
    copy: "containers-storage vfs makes a full copy, its overlay some directories.",
  },
  open: async (room) => {
    const overlay = new StoreCommand(room, "overlay");
    const vfs = new StoreCommand(room, "vfs");
    const stores = [overlay, vfs];
    return {
      mount: async (depth, times) => [await mounting(overlay, depth, times)],
      apply: async (archive) => [applying(overlay, archive)],
      diff: async () => [await diffing(overlay)],
      changes: async () => [await listingChanges(vfs), await listingChanges(overlay)],
      copy: async () => [await creating(vfs), await creating(overlay)],
      list: async (layers) => {
        const alone = new StoreCommand({ ...room, dir: path.join(room.dir, "list") }, "overlay");
        stores.push(alone);
        return [listing(alone, layers)];
      },
      close: async () => {
        for (const store of stores) store.run("shutdown", "--force");
      },
    };
  },
};

/** The program does not tell its version (1.43: `version` prints nothing). */
function packagedVersion(): string {
  const { status, stdout } = spawnSync("dpkg", ["-s", "containers-storage"], { encoding: "utf8" });
  const [, version] = /^Version: (.*)$/m.exec(status === 0 ? stdout : "") ?? [];
  return version === undefined ? "of no known version" : `containers-storage ${version}`;
}
