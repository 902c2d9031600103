import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { snapshotTree } from "@copyup/conformance";
import { mountAt, syncFilesystem, unmount } from "@copyup/linux";
import { intoPipe, runProgram } from "../../programs/programs.ts";
import { requireSameTar } from "../../verify/same-tar.ts";
import { type Loss, requireSameTree } from "../../verify/same-tree.ts";
import type { Contestant } from "../../workload.ts";
import { requireAllLayers, smallLayers } from "../chain-of-layers.ts";
import type { OciImage } from "../oci-layout.ts";
import { timesOfPrograms } from "../part-of-mounts.ts";
import type { LayerArchive } from "../peer.ts";
import type { Client, Snapshotter } from "./client.ts";

const PLAIN = "application/vnd.oci.image.layer.v1.tar";

/** The archive lies in the content store already; `client` has a namespace that knows no other image of that layer. */
export async function applying(client: Client, snapshotter: Snapshotter, archive: LayerArchive): Promise<Contestant> {
  const name = `containerd ${snapshotter}`;
  const { dir } = client.room;
  const image = await client.importImage("apply", [archive]);
  const { chainId } = image;
  return {
    ...{ name, role: "peer", startUp: client.startUp, servants: client.servants },
    run: async () => {
      client.unpack(snapshotter, image);
      await syncFilesystem(dir);
    },
    verify: () => {
      const key = "verified";
      client.run(...client.snapshots(snapshotter, "view", key, chainId));
      requireSameTree(name, archive.expected(), snapshotTree(client.treeOf(snapshotter, key)));
      client.remove(snapshotter, key);
    },
    after: () => {
      client.remove(snapshotter, chainId);
      client.collect();
    },
  };
}

export async function diffing(client: Client, snapshotter: Snapshotter, { chainId }: OciImage): Promise<Contestant> {
  const name = `containerd ${snapshotter}`;
  const { dir, env } = client.room;
  const words = client.snapshots(snapshotter, "diff", "--media-type", PLAIN, chainId);
  const tar = path.join(dir, "diff.tar");
  return {
    ...{ name, role: "peer", startUp: client.startUp, servants: client.servants },
    run: () => void runProgram(intoPipe(client.argv(...words)), { cwd: dir, env }),
    verify: async () => {
      client.runTo(tar, ...words);
      await requireSameTar(name, await client.room.expected(), tar, ["user xattrs", "parts of a second"]);
      rmSync(tar);
    },
    after: () => client.collect(),
  };
}

/** Its copy sets a directory's times before it writes what is in it. */
const LOST_BY: Readonly<Record<Snapshotter, readonly Loss[]>> = { native: ["times of directories"], overlayfs: [] };

export function preparing(client: Client, snapshotter: Snapshotter, { chainId }: OciImage): Contestant {
  const name = `containerd ${snapshotter}`;
  const key = "copied";
  return {
    ...{ name, role: "peer", startUp: client.startUp, servants: client.servants },
    run: () => client.run(...client.snapshots(snapshotter, "prepare", key, chainId)),
    verify: async () => {
      const target = path.join(client.room.dir, "prepared");
      mkdirSync(target, { recursive: true });
      runProgram(["sh", "-ec", client.ask(...client.snapshots(snapshotter, "mounts", target, key))], { cwd: "/" });
      try {
        requireSameTree(name, await client.room.expected(), snapshotTree(target), LOST_BY[snapshotter]);
      } finally {
        unmount(target);
      }
    },
    after: () => {
      client.remove(snapshotter, key);
      client.collect();
    },
  };
}

/**
 * `ctr images mount --rw` is what really mounts: `ctr snapshots mounts` prints a command. It prepares a snapshot for the mount, and
 * `unmount --rm` removes it; the start beside does these two without the mount.
 */
export async function mounting(client: Client, depth: number, times: number): Promise<Contestant> {
  const [name, snapshotter] = ["containerd overlayfs", "overlayfs"] as const;
  const { dir, signal } = client.room;
  const layers = await smallLayers(dir, depth, signal);
  const image = `mount-${depth}`;
  const made = await client.importImage(
    image,
    layers.map((file) => ({ file, compression: "none" })),
  );
  client.unpack(snapshotter, made);
  const target = path.join(dir, image);
  mkdirSync(target);
  const words = ["--snapshotter", snapshotter];
  const mount = () => client.run("images", "mount", ...words, "--rw", `copyup.bench/${image}:latest`, target);
  const undo = () => client.run("images", "unmount", ...words, "--rm", target);
  const some = timesOfPrograms(times);
  return {
    ...{ name, role: "peer", part: some / times, servants: client.servants },
    run: () => {
      for (let i = 0; i < some; i++) {
        mount();
        undo();
      }
    },
    startUp: () => {
      for (let i = 0; i < some; i++) {
        client.run(...client.snapshots(snapshotter, "prepare", target, made.chainId));
        client.remove(snapshotter, target);
      }
    },
    verify: () => {
      mount();
      requireAllLayers(name, depth, mountAt(target) === null ? [] : readdirSync(target));
      undo();
    },
    after: () => client.collect(),
  };
}
