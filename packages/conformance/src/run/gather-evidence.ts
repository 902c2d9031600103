import { shellWord } from "@copyup/core";
import type { KernelLog } from "@copyup/linux";
import type { Check } from "../check.ts";
import type { Evidence } from "../runner-contract.ts";
import { SCRATCH_FILESYSTEMS } from "../scratch/why-no-image.ts";
import type { OpenTrial } from "../trial/open-trial.ts";

/** A mountinfo line of 500 lowers has 31 KB, a hostile archive's steps more. */
const MOST_CHARACTERS = 64 * 1024;

interface Replay {
  readonly seed: number;
  readonly runs?: number | undefined;
  readonly command?: readonly string[] | undefined;
}

/** What one needs to understand a failure and to see it again. */
export function gatherEvidence(
  check: Check,
  trial: OpenTrial,
  options: Replay & { readonly kernelLog: KernelLog | null },
): Evidence[] {
  const { log } = trial;
  const said = options.kernelLog?.read(200) ?? [];
  const all: Evidence[] = [
    { title: "See it again", text: replayCommand(check, trial, options) },
    { title: "What was done", text: `S=${trial.scratch}\n${log.steps().replaceAll(trial.scratch, "$S")}` },
    { title: "How the trees differ", text: log.differences.join("\n") },
    ...trial.attached,
    { title: "/proc/self/mountinfo", text: log.mountLines.join("\n") },
    {
      title: "Kernel log meanwhile, of the whole machine",
      text: said.map(({ seconds, text }) => `[${seconds.toFixed(6)}] ${text}`).join("\n"),
    },
  ];
  return all.filter(({ text }) => text !== "").map(({ title, text }) => ({ title, text: cut(text) }));
}

function replayCommand(
  check: Check,
  trial: OpenTrial,
  { seed, runs, command = ["copyup", "conform"] }: Replay,
): string {
  const { filesystem } = trial.directory;
  const words = [...command, trial.driver.name, "--only", check.id, "--seed", String(seed)];
  if (runs !== undefined) words.push("--runs", String(runs));
  // Only root can make one; anybody else works in a directory.
  if (trial.host.fullRoot && SCRATCH_FILESYSTEMS.some((one) => one === filesystem)) words.push("--fs", filesystem);
  return [...words, "--keep"].map(shellWord).join(" ");
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}\n… and ${text.length - MOST_CHARACTERS} characters more`;
}
