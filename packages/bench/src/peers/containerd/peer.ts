import { once } from "../../ground/once.ts";
import { versionOf } from "../../programs/programs.ts";
import type { Peer } from "../peer.ts";
import { Client, type Snapshotter } from "./client.ts";
import { startDaemon } from "./daemon.ts";
import { applying, diffing, preparing } from "./jobs.ts";
import { listing } from "./listing.ts";
import { mounting } from "./mounting.ts";

/** With its stock snapshotters, through `ctr`. */
export const containerd: Peer = {
  name: "containerd",
  debianPackage: "containerd",
  version: () => versionOf("containerd"),
  contestants: {
    mount: ["containerd overlayfs"],
    apply: ["containerd overlayfs"],
    diff: ["containerd overlayfs"],
    copy: ["containerd native", "containerd overlayfs"],
    list: ["containerd overlayfs"],
  },
  fairness: {
    mount:
      "containerd is asked by ctr what to mount, whose start is taken off; this process mounts it, as containerd's client would, and looks at nothing afterwards.",
    apply: "containerd has the archive in its content store before the run.",
    diff: "containerd writes the archive into its content store, sends it to ctr, and leaves out user xattrs and parts of a second.",
    copy: "containerd native makes a full copy in which directories have other times, its overlayfs some directories.",
    list: "containerd's is ctr asking a daemon that runs already: what the daemon does for it counts, its start does not.",
  },
  open: async (room) => {
    const daemon = await startDaemon(room);
    const base = new Client(room, daemon, "many");
    const image = once(async (_: "many") =>
      base.importImage("many", [{ file: (await room.many()).tar, compression: "none" }]),
    );
    const many = once(async (snapshotter: Snapshotter) => {
      const made = await image("many");
      base.unpack(snapshotter, made);
      return made;
    });
    let applies = 0;
    return {
      mount: async (depth, times) => [await mounting(new Client(room, daemon, "mount"), depth, times)],
      // A namespace for each: `unpack` takes the first image that it finds, and does nothing for a layer that is there.
      apply: async (archive) => [await applying(new Client(room, daemon, `apply-${applies++}`), "overlayfs", archive)],
      diff: async () => [await diffing(base, "overlayfs", await many("overlayfs"))],
      copy: async () => [
        preparing(base, "native", await many("native")),
        preparing(base, "overlayfs", await many("overlayfs")),
      ],
      list: async (layers) => [listing(new Client(room, daemon, "list"), layers)],
      close: () => daemon.close(),
    };
  },
};
