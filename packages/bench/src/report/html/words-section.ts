import { html, type Markup } from "@copyup/conformance/report";

/** As they are measured: docs/benchmarking.md says more. */
const WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ["CPU time", "user and system time of all processes that did the work, daemons included"],
  ["wall time", "from the beginning of a run to its end"],
  ["±", "half the distance between the quartiles of the runs, as a part of their median"],
  ["×", "the median against that of the contestant named"],
  ["≈", "the difference is not larger than the noise and the spread of both: no ranking"],
  [
    "noise",
    "what the reference, run twice a round, differed by from itself, and at least what this machine did before the series",
  ],
  [
    "limit",
    "a program in C that does the same work, or the plain directory or program that the workload names: what this machine can do at all",
  ],
  ["peer", "other people's program; the best peer of a goal is the one that took the least in the same series"],
  [
    "start alone",
    "the same program started to do nothing, in the same series; goals of drivers, whose process runs already, take it off their peers",
  ],
  ["peak memory", "the largest resident set among a program's processes"],
  ["written", "what the block device counted, the sync after the run included"],
  ["disk used, inodes", "what the filesystem holds more than before the run"],
  ["page cache", "what the kernel keeps in memory of the files that were read"],
];

export function wordsSection(): Markup {
  const rows = WORDS.map(([word, meaning]) => html`<dt>${word}</dt><dd>${meaning}</dd>`);
  return html`<details class="small"><summary>What the words mean</summary><dl class="environment">${rows}</dl></details>`;
}
