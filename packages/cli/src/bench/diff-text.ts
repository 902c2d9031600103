import type { BenchDifferences, Difference, Side } from "@copyup/bench";
import { amount, FIGURE_NAMES, goalAmount, measuredAmount, percent, times } from "@copyup/bench/report";
import { table } from "../output/bench-table.ts";

/** What `copyup bench diff` prints. */
export function diffText(differences: BenchDifferences, before: string, after: string): string {
  const { conditions, goals, onlyBefore, onlyAfter } = differences;
  const ours = differences.differences.filter(({ role }) => role === "ours" || role === "command");
  const others = differences.differences.filter(({ role }) => role === "limit" || role === "peer");
  const within = ours.filter(({ verdict }) => verdict === "within noise").length;
  const only = (file: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`only in ${file}: ${names.join(", ")}`];
  return [
    `before: ${before}, ${sideText(differences.before)}`,
    `after:  ${after}, ${sideText(differences.after)}`,
    ...conditions.map(({ what, before, after }) => `not the same: ${what}: ${before}; ${after}`),
    ...only(before, onlyBefore),
    ...only(after, onlyAfter),
    "",
    ...group("Worse beyond the noise", ours, "worse"),
    ...group("Better beyond the noise", ours, "better"),
    `${within} of ${ours.length} figures of copyup's are within the noise.`,
    ...goals.map(
      ({ before: was, after: is }) =>
        `goal ${is.verdict}: ${is.workload}, ${is.contestant}${is.against === null ? "" : ` against ${is.against}`}: ${measuredAmount(was)} before, ${measuredAmount(is)} now, at most ${goalAmount(is, is.atMost)}`,
    ),
    "",
    ...group("Others (the machine, other programs) that took more", others, "worse"),
    ...group("Others that took less", others, "better"),
    "Times are compared as ratios to the contestant named, each within its own run; without one, and sizes, as they are.",
  ].join("\n");
}

function sideText({ date, version, commit, runs }: Side): string {
  const by = version === null ? "" : `, copyup ${version}${commit === null ? "" : ` (${commit})`}`;
  return `${date.slice(0, 16).replace("T", " ")} UTC${by}, ${runs} runs`;
}

function group(title: string, all: readonly Difference[], wanted: Difference["verdict"]): string[] {
  const rows = all.filter(({ verdict }) => verdict === wanted).sort((a, b) => far(b) - far(a));
  if (rows.length === 0) return [];
  return [`${title}:`, ...table(["", "", "", "before", "after", "ratio", "noise"], rows.map(row), "  "), ""];
}

const far = ({ ratio }: Difference) => Math.abs(Math.log(Math.max(ratio ?? Infinity, Number.MIN_VALUE)));

function row({ workload, contestant, figure, before, after, ratio, against, noise }: Difference): string[] {
  const what = `${FIGURE_NAMES[figure]}${against === null ? "" : ` against ${against}`}`;
  const told = [
    amount(figure, before),
    amount(figure, after),
    ratio === null ? "-" : times(ratio),
    `±${percent(noise)}`,
  ];
  return [workload, contestant, what, ...told];
}
