import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { gzipCodec, removeTree } from "@copyup/archive";
import { snapshotTree, type Tree } from "@copyup/conformance";
import type { Ground } from "../ground/ground.ts";
import { makeLarge } from "../ground/large.ts";
import { packTree } from "../ground/pack-tree.ts";
import { gunzipProgram } from "../programs/gunzip.ts";
import { noTar } from "../programs/programs.ts";
import type { Contestant, Workload } from "../workload.ts";
import { applied, extracted } from "./apply.ts";
import type { Maker } from "./maker.ts";

const FAIRNESS =
  "C inflates with the library that the drivers use (ISA-L where it is installed), one after another with sha256 and extraction; the drivers inflate in another thread. All take sha256 of the plain bytes and wait for the disk.";

export const applyGzip: Maker = {
  name: "apply-gz",
  question: "What does it cost to turn a gzip layer tar of small files into a layer, with its diff id?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const file = path.join(ground.dir, "many.tar.gz");
    await packTree(tree, file, "gzip", ground.signal);
    const expected = await ground.expected();
    try {
      yield await workload(this, ground, runs, file, () => expected);
    } finally {
      rmSync(file);
    }
  },
};

export const applyLarge: Maker = {
  name: "apply-large",
  question: "What does it cost to turn a gzip layer tar of ten files of 50 MB into a layer, with its diff id?",
  long: true,
  roomBytes: () => 2_500_000_000,
  async *make(ground, { runs }) {
    const [tree, file] = [path.join(ground.dir, "large"), path.join(ground.dir, "large.tar.gz")];
    ground.say(`${this.name}: making 500 MB and its gzip`);
    mkdirSync(tree);
    makeLarge(tree);
    await packTree(tree, file, "gzip", ground.signal);
    const expected = snapshotTree(tree);
    await removeTree(tree);
    try {
      yield await workload(this, ground, runs, file, () => expected);
    } finally {
      rmSync(file);
    }
  },
};

async function workload(
  { name, question }: Maker,
  ground: Ground,
  runs: number,
  file: string,
  expected: () => Tree,
): Promise<Workload> {
  const { yardsticks, host, stands, guests } = ground;
  const inC = (program: string) => extracted(ground, "C", "limit", [file], (to) => [program, file, to], expected);
  const attributes = host.fullRoot ? "--numeric-owner --xattrs --xattrs-include='*' -p" : "--no-same-owner";
  const gunzip = gunzipProgram();
  // sha256sum gets the same bytes from a tee, as the drivers' digest does.
  const script = `set -e; d=$(mktemp -d); mkfifo "$d/f"; sha256sum <"$d/f" >/dev/null & ${gunzip.join(" ")} <"$0" | tee "$d/f" | tar -xf - ${attributes} -C "$1"; sync -f "$1"; wait; rm -r "$d"`;
  const contestants = [
    "absent" in yardsticks ? { ...inC("false"), absent: yardsticks.absent } : inC(yardsticks.programs.apply),
    ...stands.map((stand) => applied(ground, stand, file, expected)),
    ...stands
      .slice(0, gzipCodec().codec === "isa-l" ? 1 : 0)
      .map((stand) => byZlib(applied(ground, stand, file, expected))),
    {
      ...extracted(ground, `GNU tar, ${gunzip[0]}`, "peer", [file], (to) => ["sh", "-c", script, file, to], expected),
      absent: noTar(),
    },
    ...(await guests.contestants("apply", (peer) => peer.apply?.({ file, compression: "gzip", expected }))),
  ];
  return { name, question, fairness: FAIRNESS + guests.fairness("apply"), runs, contestants };
}

/** What a host without ISA-L has. */
function byZlib(contestant: Contestant): Contestant {
  return {
    ...contestant,
    name: `${contestant.name}, node:zlib`,
    run: async () => {
      process.env.COPYUP_GZIP = "zlib";
      try {
        await contestant.run();
      } finally {
        delete process.env.COPYUP_GZIP;
      }
    },
  };
}
