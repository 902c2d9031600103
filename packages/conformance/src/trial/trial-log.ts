import { readFileSync } from "node:fs";
import type { MountPlan } from "@copyup/core";
import { parseMountInfo } from "@copyup/linux";

/** A random program makes thousands; it attaches its own script. */
const MOST_STEPS = 400;
const MOST_MOUNTS = 8;

/**
 * What a trial did, in order, for whoever must understand its failure. Almost all checks pass, so what is kept meanwhile is
 * references, made into text when somebody asks.
 */
export class TrialLog {
  readonly #steps: (() => string)[] = [];
  #dropped = 0;
  readonly #plans = new Map<string, MountPlan>();
  readonly #mountLines: string[] = [];
  #mountsSeen = 0;
  #differences: readonly string[] = [];

  step(tell: () => string): void {
    this.#steps.push(tell);
    if (this.#steps.length <= MOST_STEPS) return;
    this.#dropped += 100;
    this.#steps.splice(50, 100);
  }

  /** The plan a driver drew up for a layer; the mount that follows is told with it. */
  planned(layer: string, mode: string, plan: MountPlan): void {
    this.#plans.delete(`${layer} ${mode}`);
    this.#plans.set(`${layer} ${mode}`, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > 16 && oldest !== undefined) this.#plans.delete(oldest);
  }

  planOf(layer: string, mode: string): MountPlan | null {
    return this.#plans.get(`${layer} ${mode}`) ?? null;
  }

  /** Keeps the mountinfo line of what was just mounted there, of the first mounts: the file may hold hundreds of lines. */
  mounted(target: string): void {
    if (++this.#mountsSeen > MOST_MOUNTS) return;
    const line = mountLines((at) => at === target).at(-1);
    if (line !== undefined) this.#mountLines.push(line);
  }

  /** Keeps what is mounted below a directory now. */
  mountsNow(directory: string): void {
    for (const line of mountLines((at) => at.startsWith(`${directory}/`)))
      if (!this.#mountLines.includes(line)) this.#mountLines.push(line);
  }

  /** How the trees differed when they were last compared. */
  differing(lines: readonly string[]): void {
    this.#differences = lines;
  }

  get mountLines(): readonly string[] {
    return this.#mountLines;
  }

  get differences(): readonly string[] {
    return this.#differences;
  }

  steps(): string {
    const told = this.#steps.map((tell, i) => `${i + 1 + (i < 50 ? 0 : this.#dropped)}. ${tell()}`);
    if (this.#dropped > 0) told.splice(50, 0, `… ${this.#dropped} steps left out …`);
    return told.join("\n");
  }
}

function mountLines(wanted: (target: string) => boolean): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => wanted(parseMountInfo(line)?.target ?? ""));
}
