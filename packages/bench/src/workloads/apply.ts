import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree, type Tree } from "@copyup/conformance";
import type { Ground } from "../ground/ground.ts";
import { readTar } from "../ground/read-tar.ts";
import type { Stand } from "../ground/stand.ts";
import { noBsdtar, noTar } from "../programs/programs.ts";
import { runWeighed } from "../programs/run-weighed.ts";
import { requireSameTree } from "../verify/same-tree.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";
import { makesLayer } from "./makes-layer.ts";

export const apply: Maker = {
  name: "apply",
  question: "What does it cost to turn a layer tar of small files into a layer?",
  async *make(ground, { runs }) {
    const { tar } = await ground.many();
    const tree = await ground.expected();
    const expected = () => tree;
    const { yardsticks, host } = ground;
    const attributes = host.fullRoot ? "--numeric-owner --xattrs --xattrs-include='*' -p" : "--no-same-owner";
    const inC = (program: string) => extracted(ground, "C", "limit", [tar], (to) => [program, tar, to], expected);
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "C, the drivers and the pipes take sha256 of the bytes and wait for the disk (one syncfs). The drivers also check every path, write a manifest and publish." +
        ground.guests.fairness("apply"),
      runs,
      contestants: [
        "absent" in yardsticks ? { ...inC("false"), absent: yardsticks.absent } : inC(yardsticks.programs.apply),
        ...ground.stands.map((stand) => applied(ground, stand, tar, expected)),
        {
          ...extracted(
            ground,
            "GNU tar",
            "peer",
            [tar],
            (to) => piped(`tar -xf - ${attributes} -C "$1"`, tar, to),
            expected,
          ),
          absent: noTar(),
        },
        {
          ...extracted(
            ground,
            "bsdtar",
            "peer",
            [tar],
            (to) => piped(`bsdtar -xp${host.fullRoot ? "" : "o"}f - -C "$1"`, tar, to),
            expected,
          ),
          absent: noBsdtar(),
        },
        ...(await ground.guests.contestants("apply", (peer) =>
          peer.apply?.({ file: tar, compression: "none", expected }),
        )),
      ],
    };
  },
};

/** A driver's store takes the tar in, and the layer goes again. */
export function applied({ host }: Ground, stand: Stand, tar: string, expected?: () => Tree): Contestant {
  const { name, store } = stand;
  const make = async () => (await store.apply(readTar(tar), { lossy: !host.fullRoot })).layer.id;
  return makesLayer(stand, [tar], make, async (id) => {
    if (!expected) return;
    await using view = await store.view(id);
    requireSameTree(name, expected(), snapshotTree(view.path));
  });
}

/** The same work as ours: the bytes' digest, and everything on the disk. */
function piped(extract: string, tar: string, to: string): [string, ...string[]] {
  const script = `exec 3<"$0"; sha256sum <&3 >/dev/null & ${extract} <"$0" && sync -f "$1"; wait`;
  return ["sh", "-c", script, tar, to];
}

/** A program fills a fresh directory. */
export function extracted(
  ground: Ground,
  name: string,
  role: "limit" | "peer",
  reads: readonly string[],
  command: (to: string) => [string, ...string[]],
  expected?: () => Tree,
): Contestant {
  const to = path.join(ground.dir, `extracted-${name.replace(/\W/g, "-")}`);
  return {
    ...{ name, role, reads },
    before: () => mkdirSync(to),
    run: () => runWeighed(ground, command(to)),
    verify: () => {
      if (expected) requireSameTree(name, expected(), snapshotTree(to));
    },
    after: () => removeTree(to),
  };
}
