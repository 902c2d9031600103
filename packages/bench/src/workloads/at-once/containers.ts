import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Ground } from "../../ground/ground.ts";
import type { Stand } from "../../ground/stand.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Maker } from "../maker.ts";
import { inParallel } from "./in-parallel.ts";
import { layersOf, requireNothingLeft } from "./nothing-left.ts";

const LIFE = "prepared, mounted, written into, unmounted and removed";

export const containersAtOnce: Maker = {
  name: "containers-at-once",
  question: `How long do 32 containers on one base, ${LIFE}, take one process that has N of them at once at work?`,
  long: true,
  async *make(ground, { runs, atOnce }) {
    const total = Math.max(...atOnce);
    const question = this.question.replace("32", `${total}`);
    const bases = await Promise.all(
      ground.stands.map(async (stand) => ({ stand, base: await smallBase(ground, stand) })),
    );
    for (const at of atOnce) {
      const contestants = await Promise.all(bases.map(({ stand, base }) => inProcess(stand, base, total, at)));
      yield {
        ...{ name: `${this.name}-${at}`, question, runs, asks: "wallMs", contestants },
        fairness:
          "As many containers at every point, so the times compare. The store's work is synchronous but for its waits for the disk and for locks: that is all that more at once can save here.",
        growth: { curve: this.name, along: "at once", at },
      };
    }
    for (const { stand, base } of bases) await stand.store.remove(base);
  },
};

/** Starting five commands for each container takes its time. */
const RUNS = 3;

export const containerCommandsAtOnce: Maker = {
  name: "container-commands-at-once",
  question: `How long do 32 containers on one base, ${LIFE}, take N scripts of copyup commands at once?`,
  long: true,
  async *make(ground, { runs, atOnce, command }) {
    const total = Math.max(...atOnce);
    const question = this.question.replace("32", `${total}`);
    const stand = ground.stands[0]!;
    const base = await smallBase(ground, stand);
    for (const at of atOnce) {
      yield {
        ...{ name: `${this.name}-${at}`, question, runs: Math.min(runs, RUNS), asks: "wallMs" },
        fairness:
          "As many containers at every point, so the times compare. Each step is a process of its own: what they share are the locks and the records on the disk.",
        growth: { curve: this.name, along: "at once", at },
        contestants: [await byCommands(ground, stand, base, { total, at, command })],
      };
    }
    await stand.store.remove(base);
  },
};

/** Small, so that it is not its size that is measured. */
async function smallBase({ dir }: Ground, { name, store }: Stand): Promise<string> {
  const tree = path.join(dir, `small-${name}`);
  mkdirSync(tree);
  for (let i = 0; i < 10; i++) writeFileSync(path.join(tree, `file-${i}`), `content of ${i}\n`);
  const { layer } = await store.importTree(tree, { durability: "none" });
  await removeTree(tree);
  return layer.id;
}

async function inProcess(stand: Stand, base: string, total: number, at: number): Promise<Contestant> {
  const { name, store } = stand;
  const before = await layersOf(stand);
  const life = async () => {
    const { id } = await store.prepare({ parent: base });
    const mount = await store.mount(id);
    writeFileSync(path.join(mount.path, "file-1"), id);
    await mount.unmount();
    await store.remove(id);
  };
  return {
    name,
    role: "ours",
    run: () =>
      inParallel(
        Array.from({ length: total }, () => life),
        at,
      ),
    after: () => requireNothingLeft(stand, before),
  };
}

const SCRIPT = `set -e
targets=$0; base=$1; shift
id=$("$@" layer create --parent "$base")
mkdir "$targets/$id"
"$@" mount "$id" "$targets/$id" >/dev/null
echo "$id" >"$targets/$id/file-1"
"$@" umount "$targets/$id"
"$@" layer rm "$id"
rmdir "$targets/$id"`;

interface Crowd {
  readonly total: number;
  readonly at: number;
  readonly command: readonly string[];
}

async function byCommands(
  ground: Ground,
  stand: Stand,
  base: string,
  { total, at, command }: Crowd,
): Promise<Contestant> {
  const before = await layersOf(stand);
  const targets = path.join(ground.dir, "targets");
  mkdirSync(targets, { recursive: true });
  // xargs ends with an error if one of the scripts does, and appends what it read, which the command must not see.
  const one = ["sh", "-c", SCRIPT, targets, base, ...command, "--root", stand.root];
  const crowd = ["-P", `${at}`, "-I", "{}", ...one];
  return {
    name: `copyup (${stand.name})`,
    role: "command",
    run: () => runProgram(["sh", "-c", `seq ${total} | xargs "$@"`, "xargs", ...crowd], { cwd: ground.dir }),
    startUp: () => void runProgram([command[0]!, ...command.slice(1), "--version"], { cwd: ground.dir }),
    after: () => requireNothingLeft(stand, before, targets),
  };
}
