import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { mountsBelow } from "@copyup/linux";
import { type LayerStore, openStore } from "@copyup/store";
import { spawnProgram } from "../../child/spawn-program.ts";
import type { Child, Trial } from "../../trial/trial.ts";
import { seeded } from "./seeded.ts";

const KILLS = 12;
/** Rounds within which the kill falls; the first one is not like the others. */
const ROUNDS = 2.5;
/** Starting node from the sources takes long; from the bundle all the kills fall within it. */
const BUDGET_MS = 1000;
/** What an emulated machine comes to, where starting a process and opening the store again take seconds. */
const MIN_KILLS = 3;

export interface Killing {
  readonly root: string;
  /** Of `repeat-verb`. */
  readonly verb: string;
  readonly file?: string;
  /** Looks at the store as the next opener finds it. `acknowledged`: how many rounds the killed process had told of. */
  look(store: LayerStore, acknowledged: number): Promise<void>;
}

/**
 * Lets a process repeat a verb, kills it at a random moment (of the trial's seed), opens the store as the next process
 * would and looks; then once more. The next process is started meanwhile, because starting costs more than dying.
 */
export async function killAtRandom(trial: Trial, { root, verb, file = "", look }: Killing): Promise<void> {
  const random = seeded(trial.seed);
  const start = () => {
    const started = spawnProgram(trial, "repeat-verb", root, [verb, file]);
    // Nobody waits for the next one when this round fails: its end must not be that of the whole suite.
    started.catch(() => {});
    return started;
  };
  const until = performance.now() + BUDGET_MS;
  let coming: Promise<Child> | null = start();
  let roundMs: number | null = null;
  for (let n = 1; coming !== null; n++) {
    trial.signal.throwIfAborted();
    const child: Child = await coming;
    coming = n < MIN_KILLS || (n < KILLS && performance.now() < until) ? start() : null;
    child.send("go");
    trial.equal(await child.line(), "open", "what the process says once it has opened the store");
    roundMs ??= await timeOfRound(child);
    const delayMs = random() * ROUNDS * roundMs;
    const what = `kill ${n}, ${delayMs.toFixed(2)} ms into ${verb} (a round takes ${roundMs.toFixed(2)} ms)`;
    await sleep(delayMs);
    await child.kill("SIGKILL");
    const { stdout } = await child.done();
    const acknowledged = stdout.split("\n").filter((line) => /^\d+$/.test(line)).length;
    await lookAround(trial, root, `after ${what}`, (store) => look(store, acknowledged));
  }
}

/** The first round is not like the others. */
async function timeOfRound(child: Child): Promise<number> {
  await child.line();
  const started = performance.now();
  await child.line();
  return performance.now() - started;
}

/** What must hold after any crash: nothing half-visible, nothing mounted, every layer whole, nothing lying about. */
export async function lookAround(
  trial: Trial,
  root: string,
  when: string,
  look: (store: LayerStore) => Promise<void>,
): Promise<void> {
  await using store = await openStore({ root, driver: trial.driver, host: trial.host });
  trial.equal(
    mountsBelow(trial.scratch)
      .filter((mount) => mount.target.startsWith(root))
      .map((mount) => mount.target),
    [],
    `mounts below the store ${when}`,
  );
  trial.equal(await store.mounts(), [], `mounts the store knows of ${when}`);
  for (const room of ["staging", "trash", "run/mounts", "run/mnt"])
    trial.equal(readdirSync(`${root}/${room}`), [], `${room} ${when}`);
  trial.equal((await store.check()).problems, [], `problems that check finds ${when}`);
  await look(store);
}
