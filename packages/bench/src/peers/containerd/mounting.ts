import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { mount2, unmount } from "@copyup/linux";
import type { Contestant } from "../../workload.ts";
import { requireAllLayers, smallLayers } from "../chain-of-layers.ts";
import { timesOfPrograms } from "../part-of-mounts.ts";
import type { Client } from "./client.ts";

/**
 * The daemon is asked what to mount, and the client mounts it, as clients of containerd do. `ctr` asks, and only prints what it was
 * told; what would mount by itself (`ctr images mount`) looks at every layer of the image before. So this process mounts.
 */
export async function mounting(client: Client, depth: number, times: number): Promise<Contestant> {
  const [name, snapshotter] = ["containerd overlayfs", "overlayfs"] as const;
  const { dir, signal } = client.room;
  const layers = await smallLayers(dir, depth, signal);
  const key = `mount-${depth}`;
  const image = await client.importImage(
    key,
    layers.map((file) => ({ file, compression: "none" })),
  );
  client.unpack(snapshotter, image);
  client.run(...client.snapshots(snapshotter, "prepare", key, image.chainId));
  const target = path.join(dir, key);
  mkdirSync(target);
  const ask = client.snapshots(snapshotter, "mounts", target, key);
  const { root, options } = compacted(client.ask(...ask));
  const mount = () => inDirectory(root, () => mount2("overlay", target, "overlay", 0, options));
  const verify = () => {
    mount();
    try {
      requireAllLayers(name, depth, readdirSync(target));
    } finally {
      unmount(target);
    }
  };
  verify();
  const some = timesOfPrograms(times);
  return {
    ...{ name, role: "peer", part: some / times, servants: client.servants },
    run: () => {
      for (let i = 0; i < some; i++) {
        client.run(...ask);
        mount();
        unmount(target);
      }
    },
    startUp: () => {
      for (let i = 0; i < some; i++) client.startUp();
    },
    verify,
  };
}

/** With lower directories relative to what they have in common, as containerd's client does above one page of options. */
function compacted(command: string): { root: string; options: string } {
  const [, printed] = /^mount -t overlay overlay \S+ -o (\S+)$/m.exec(command) ?? [];
  const [, lowers] = /(?:^|,)lowerdir=([^,]*)/.exec(printed ?? "") ?? [];
  if (printed === undefined || lowers === undefined) throw new RangeError(`no overlay to mount: ${command}`);
  const directories = lowers.split(":");
  const root = path.dirname(path.dirname(directories[0] ?? "/"));
  const short = directories.map((directory) => path.relative(root, directory));
  return { root, options: printed.replace(lowers, short.join(":")) };
}

function inDirectory(dir: string, work: () => void): void {
  const before = process.cwd();
  process.chdir(dir);
  try {
    work();
  } finally {
    process.chdir(before);
  }
}
