import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findProgram, unmount } from "@copyup/linux";
import { runProgram } from "../programs/programs.ts";
import type { Contestant } from "../workload.ts";
import { layerFile, requireAllLayers } from "./chain-of-layers.ts";
import { timesOfPrograms } from "./part-of-mounts.ts";
import type { Peer, PeerRoom } from "./peer.ts";

const NAME = "fuse-overlayfs";

export const fuseOverlayfs: Peer = {
  name: NAME,
  debianPackage: "fuse-overlayfs",
  version: () => {
    // Its first lines are those of fusermount3.
    const { stdout, stderr } = spawnSync("fuse-overlayfs", ["--version"], { encoding: "utf8" });
    return `${stdout ?? ""}\n${stderr ?? ""}`.split("\n").find((line) => line.startsWith("fuse-overlayfs")) ?? null;
  },
  contestants: { mount: [NAME] },
  fairness: {
    mount: "fuse-overlayfs is started for each mount, which is what a mount of it costs: nothing is taken off.",
  },
  open: async (room) => ({
    mount: async (depth, times) => [mounting(room, depth, times)],
    async close() {},
  }),
};

function mounting({ dir, env }: PeerRoom, depth: number, times: number): Contestant {
  const own = path.join(dir, String(depth));
  const [target, upper, work] = ["target", "upper", "work"].map((name) => path.join(own, name)) as [
    string,
    string,
    string,
  ];
  for (const room of [target, upper, work]) mkdirSync(room, { recursive: true });
  const lowers = Array.from({ length: depth }, (_, index) => {
    const lower = path.join(own, `lower-${index}`);
    mkdirSync(lower);
    writeFileSync(path.join(lower, layerFile(index)), `layer ${index}\n`);
    return lower;
  }).reverse();
  const options = `lowerdir=${lowers.join(":")},upperdir=${upper},workdir=${work}`;
  const verify = () => {
    runProgram(["fuse-overlayfs", "-o", options, target], { cwd: own, env });
    try {
      requireAllLayers(NAME, depth, readdirSync(target));
    } finally {
      unmount(target);
    }
  };
  verify();
  const some = timesOfPrograms(times);
  // The daemon leaves its parent; in a PID namespace of its own what it took is told when the namespace ends.
  const loop = 'i=0; while [ $i -lt "$1" ]; do "$2" -o "$3" "$4" && "$5" "$4" || exit 1; i=$((i+1)); done';
  const words = [String(some), absolute("fuse-overlayfs"), options, target, absolute("umount")];
  return {
    ...{ name: NAME, role: "peer", part: some / times },
    run: () =>
      runProgram(["unshare", "--pid", "--fork", absolute("sh"), "-c", loop, "sh", ...words], { cwd: own, env }),
    verify,
  };
}

/** The PATH that it runs with has the codec helpers alone. */
const absolute = (program: string) => findProgram(program) ?? program;
