import type { BenchResult } from "../bench.ts";
import { figureOf } from "../run/figure-of.ts";
import type { WorkloadResult } from "../run/run-workload.ts";
import type { Role } from "../workload.ts";
import { amount, FIGURE_NAMES, percent } from "./amount.ts";
import { peerRows } from "./peer-rows.ts";
import { times } from "./svg/bar-rows.ts";

/** Of a cell's contestants, the cheapest; the page has all. */
const MOST = 4;

/** In Markdown: what, the limit, copyup, the others, and where it was measured. Curves are for the page. */
export function readmeTable(result: BenchResult): string {
  const shown = result.workloads.filter(({ growth }) => growth === null);
  const rows = shown.map((workload) => {
    const { asks, question, noiseFloor } = workload;
    const figure = asks === "cpuMs" ? "" : ` (${FIGURE_NAMES[asks]})`;
    const noise = noiseFloor > result.machineNoise ? ` (noise ±${percent(noiseFloor)})` : "";
    const what = `${question}${figure}${noise}`;
    const cells = (["limit", ["ours", "command"], "peer"] as const).map((roles) => cell(workload, [roles].flat()));
    return `| ${[what, ...cells].map(escaped).join(" | ")} |`;
  });
  const { environment, version, commit, place, runs, scale, machineNoise } = result;
  const { cpu, cores, kernel, filesystem, node, programs, date } = environment;
  const by = `copyup ${version ?? ""}${commit === null ? "" : ` (${commit})`}, ${date.slice(0, 10)}`;
  const others = peerRows(environment.peers).map(([name, value]) => `${name}: ${value}`);
  const machine = `${cpu}, ${cores} cores, Linux ${kernel}, ${place ?? filesystem}, Node ${node}; ${[...Object.values(programs), ...others].join("; ")}`;
  return [
    "| what it costs | limit | copyup | others |",
    "|---|---|---|---|",
    ...rows,
    "",
    `Medians of ${runs} interleaved runs, the tree of small files at scale ${scale} (1 is 22,000 entries); CPU time of the whole process tree unless another figure is named; in parentheses against the limit, or whoever stands first, and what of it a program's start alone takes; ≈ is within the noise. The machine's own noise: ±${(machineNoise * 100).toFixed(1)} %; of a row only where it is more.`,
    `${by}. ${machine}.`,
    "",
  ].join("\n");
}

function cell(workload: WorkloadResult, roles: readonly Role[]): string {
  const told = workload.contestants.flatMap((contestant) => {
    const figure = roles.includes(contestant.role) ? figureOf(contestant, workload.asks) : null;
    if (!figure) return [];
    const { name, compared, startUpMs } = contestant;
    const mark = compared?.verdict === "within noise" ? "≈" : "";
    const ratio = !compared || compared.verdict === "reference" ? [] : [`${mark}${times(compared.ratio)}`];
    const start = startUpMs && workload.asks === "cpuMs" ? [`start ${amount("cpuMs", startUpMs.median)}`] : [];
    const more = [...ratio, ...start].join("; ");
    return [{ median: figure.median, text: `${name} ${amount(workload.asks, figure.median)}${more && ` (${more})`}` }];
  });
  const cheapest = told.sort((a, b) => a.median - b.median).map(({ text }) => text);
  const left = cheapest.length - MOST;
  return [...cheapest.slice(0, MOST), ...(left > 0 ? [`and ${left} more`] : [])].join("<br>");
}

const escaped = (text: string) => text.replaceAll("|", "\\|");
