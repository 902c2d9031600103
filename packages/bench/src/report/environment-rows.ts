import type { BenchResult } from "../bench.ts";
import type { CacheKept } from "../run/cache-kept.ts";
import { amount } from "./amount.ts";
import { peerRows } from "./peer-rows.ts";

/** Machine, versions and settings, as names and values. */
export function environmentRows(result: BenchResult): [name: string, value: string][] {
  const { environment, runs, scale } = result;
  const { cpu, cores, memoryBytes, node, programs } = environment;
  const versions = Object.entries(programs).map(([name, version]) =>
    version.startsWith(name) ? version : `${name}: ${version}`,
  );
  return [
    ["machine", `${cpu}, ${cores} cores, ${amount("peakBytes", memoryBytes)} memory`],
    ["kernel", `Linux ${environment.kernel}`],
    ["filesystem", result.place ?? environment.filesystem],
    ["user", environment.root ? "root" : "not root"],
    ["Node", node],
    ["programs", versions.join("; ")],
    // Results from before it was recorded have none.
    ...(environment.gzip
      ? [["gzip is read by", `${environment.gzip.codec} (${environment.gzip.reason})`] as [string, string]]
      : []),
    ...peerRows(environment.peers),
    ["runs", `${runs} measured runs of each contestant, interleaved, after one that is not measured`],
    ["tree", `the tree of small files at scale ${scale} (1 is 22,000 entries)`],
    [
      "noise",
      `the same work differed from itself by ±${(result.machineNoise * 100).toFixed(1)} % before anything was compared`,
    ],
    // Null or missing where nobody could tell.
    ...(result.cacheKept ? [["page cache", keptRow(result.cacheKept)] as [string, string]] : []),
    ["date", `${environment.date.slice(0, 16).replace("T", " ")} UTC; it took ${minutes(result.seconds)}`],
  ];
}

function keptRow({ seconds, part }: CacheKept): string {
  const kept = `${Math.round(part * 100)} % of a file that nobody read was cached still after ${seconds} seconds`;
  return part > 0.99 ? kept : `${kept}: what a run reads is read once more before it, unmeasured`;
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
}
