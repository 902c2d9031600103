import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Ground } from "../../ground/ground.ts";
import { readTar } from "../../ground/read-tar.ts";
import type { Stand } from "../../ground/stand.ts";
import { noTar, runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Maker } from "../maker.ts";
import { inParallel } from "./in-parallel.ts";
import { layersOf, requireNothingLeft } from "./nothing-left.ts";

const MOST = 8;
/** Of the tree of small files: 2,200 entries at scale 1, as a layer of an image has. */
const PART = 0.1;

export const applyAtOnce: Maker = {
  name: "apply-at-once",
  question: `How long does it take to apply ${MOST} layers, N at once, in one process, by as many commands, and to extract them with tar?`,
  long: true,
  async *make(ground, { runs, atOnce, command, scale }) {
    const points = atOnce.filter((at) => at <= MOST);
    const total = Math.max(...points);
    const planted = await ground.plant("at-once", scale * PART);
    const digest = `sha256:${createHash("sha256").update(readFileSync(planted.tar)).digest("hex")}`;
    for (const at of points) {
      const work = { tar: planted.tar, digest, total, at };
      const stand = ground.stands[0]!;
      yield {
        ...{ name: `${this.name}-${at}`, question: this.question.replace(`${MOST}`, `${total}`), runs, asks: "wallMs" },
        fairness:
          "As many layers at every point, so the times compare. In one process only the waits for the disk can overlap. All wait for the disk at the end of each layer; the drivers and commands take sha256 of the bytes, too.",
        growth: { curve: this.name, along: "at once", at },
        contestants: [
          ...(await Promise.all(ground.stands.map((one) => inProcess(ground, one, work)))),
          await byCommands(ground, stand, work, command),
          { ...byTar(ground, work), absent: noTar() },
        ],
      };
    }
    await planted.remove();
  },
};

interface Work {
  readonly tar: string;
  readonly digest: string;
  readonly total: number;
  readonly at: number;
}

async function inProcess({ host }: Ground, stand: Stand, work: Work): Promise<Contestant> {
  const { tar, total, at } = work;
  const apply = async () => void (await stand.store.apply(readTar(tar), { lossy: !host.fullRoot }));
  return {
    name: stand.name,
    role: "ours",
    run: () =>
      inParallel(
        Array.from({ length: total }, () => apply),
        at,
      ),
    after: await countsLayers(stand, work),
  };
}

async function byCommands(ground: Ground, stand: Stand, work: Work, command: readonly string[]): Promise<Contestant> {
  const lossy = ground.host.fullRoot ? [] : ["--lossy"];
  const one = [...command, "--root", stand.root, "layer", "apply", ...lossy, work.tar];
  return {
    name: `copyup (${stand.name})`,
    role: "command",
    run: () => atOnce(ground, work, one),
    startUp: () => void runProgram([command[0]!, ...command.slice(1), "--version"], { cwd: ground.dir }),
    after: await countsLayers(stand, work),
  };
}

function byTar(ground: Ground, work: Work): Contestant {
  const to = path.join(ground.dir, "extracted-at-once");
  return {
    name: "GNU tar",
    role: "peer",
    before: () => mkdirSync(to),
    run: () =>
      atOnce(ground, work, [
        "sh",
        "-c",
        'mkdir "$1/$2" && tar -xf "$0" -C "$1/$2" && sync -f "$1/$2"',
        work.tar,
        to,
        "{}",
      ]),
    verify: () => {
      if (readdirSync(to).length !== work.total) throw new Error(`${to} does not hold ${work.total} trees`);
    },
    after: () => removeTree(to),
  };
}

/** xargs ends with an error if one of them does. */
function atOnce({ dir }: Ground, { total, at }: Work, one: readonly string[]) {
  return runProgram(["sh", "-c", `seq ${total} | xargs "$@"`, "xargs", "-P", `${at}`, "-I", "{}", ...one], {
    cwd: dir,
  });
}

/** Every layer is there, is the tar's, and nothing else is; then they go. */
async function countsLayers(stand: Stand, { digest, total }: Work): Promise<() => Promise<void>> {
  const before = await layersOf(stand);
  return async () => {
    const made = (await stand.store.list()).filter(({ id }) => !before.has(id));
    const good = made.filter(({ diffId, state }) => diffId === digest && state === "committed");
    if (good.length !== total) throw new Error(`${stand.name}: ${good.length} layers of ${total} applied`);
    await requireNothingLeft(stand, new Set([...before, ...good.map(({ id }) => id)]));
    for (const { id } of made) await stand.store.remove(id);
  };
}
