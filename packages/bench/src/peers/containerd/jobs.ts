import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { snapshotTree, type Tree } from "@copyup/conformance";
import { syncFilesystem, unmount } from "@copyup/linux";
import { intoPipe, runProgram } from "../../programs/programs.ts";
import { requireSameTar } from "../../verify/same-tar.ts";
import { type Loss, requireSameTree } from "../../verify/same-tree.ts";
import type { Contestant } from "../../workload.ts";
import type { OciImage } from "../oci-layout.ts";
import type { LayerArchive } from "../peer.ts";
import type { Client, Snapshotter } from "./client.ts";

const PLAIN = "application/vnd.oci.image.layer.v1.tar";

/** A daemon that is asked by `ctr`, and reads what lies in a directory of its own. */
const asked = ({ startUp, servants }: Client, name: string, directory: string) =>
  ({ name, role: "peer", startUp, servants, reads: [directory] }) as const;

/** The archive lies in the content store already; `client` has a namespace that knows no other image of that layer. */
export async function applying(client: Client, snapshotter: Snapshotter, archive: LayerArchive): Promise<Contestant> {
  const name = `containerd ${snapshotter}`;
  const { dir } = client.room;
  const image = await client.importImage("apply", [archive]);
  const { chainId } = image;
  return {
    ...asked(client, name, client.content),
    run: async () => {
      client.unpack(snapshotter, image);
      await syncFilesystem(dir);
    },
    verify: () => {
      // Prepared ones have a label that keeps them from the garbage collector, views have not.
      const key = "verified";
      client.run(...client.snapshots(snapshotter, "prepare", key, chainId));
      try {
        requireSameTree(name, archive.expected(), treeOf(client, snapshotter, key));
      } finally {
        client.remove(snapshotter, key);
      }
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
    ...asked(client, name, client.snapshotsOf(snapshotter)),
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
    ...asked(client, name, client.snapshotsOf(snapshotter)),
    run: () => client.run(...client.snapshots(snapshotter, "prepare", key, chainId)),
    verify: async () =>
      requireSameTree(name, await client.room.expected(), treeOf(client, snapshotter, key), LOST_BY[snapshotter]),
    after: () => {
      client.remove(snapshotter, key);
      client.collect();
    },
  };
}

/** As it is to be mounted. */
function treeOf(client: Client, snapshotter: Snapshotter, key: string): Tree {
  const target = path.join(client.room.dir, "verified");
  mkdirSync(target, { recursive: true });
  runProgram(["sh", "-ec", client.ask(...client.snapshots(snapshotter, "mounts", target, key))], { cwd: "/" });
  try {
    return snapshotTree(target);
  } finally {
    unmount(target);
  }
}
