import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree } from "@copyup/conformance";
import { syncFilesystem } from "@copyup/linux";
import { runProgram, versionOf } from "../programs/programs.ts";
import { requireSameTree } from "../verify/same-tree.ts";
import { writeOciLayout } from "./oci-layout.ts";
import type { LayerArchive, Peer, PeerRoom } from "./peer.ts";

const NAME = "umoci";

export const umoci: Peer = {
  name: NAME,
  debianPackage: "umoci",
  version: () => versionOf("umoci"),
  contestants: { apply: [NAME] },
  fairness: { apply: "umoci unpacks an OCI layout into a directory, in one thread, and compares the diff id." },
  open: async (room) => ({
    apply: async (archive) => [await unpacking(room, archive)],
    async close() {},
  }),
};

async function unpacking({ dir, env }: PeerRoom, archive: LayerArchive) {
  const layout = path.join(dir, path.basename(archive.file));
  mkdirSync(layout);
  await writeOciLayout(layout, [archive]);
  const to = path.join(dir, "unpacked");
  return {
    ...{ name: NAME, role: "peer" as const, reads: [layout] },
    startUp: () => void runProgram(["umoci", "--version"], { cwd: dir, env }),
    run: async () => {
      const figures = runProgram(["umoci", "raw", "unpack", "--image", `${layout}:latest`, to], { cwd: dir, env });
      await syncFilesystem(dir);
      return figures;
    },
    verify: () => requireSameTree(NAME, archive.expected(), snapshotTree(to)),
    after: () => removeTree(to),
  };
}
