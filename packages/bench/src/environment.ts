import os from "node:os";
import { type GzipCodecChoice, gzipCodec } from "@copyup/archive";
import type { Host } from "@copyup/core";
import type { PeersFound } from "./peers/guests.ts";
import { versionOf } from "./programs/programs.ts";

/** What a reader must know to judge a figure. */
export interface BenchEnvironment {
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly filesystem: string;
  readonly root: boolean;
  /** The other programs that took part, as they call themselves. */
  readonly programs: Readonly<Record<string, string>>;
  /** Other people's programs beside the everyday ones; null where nobody asked for them. */
  readonly peers: PeersFound | null;
  /** What reads gzip archives: ours and, with it, the yardstick in C. */
  readonly gzip: GzipCodecChoice;
  readonly date: string;
}

export function describeEnvironment(host: Host, filesystem: string, peers: PeersFound | null = null): BenchEnvironment {
  const programs = ["tar", "cp", "find"].map((name) => [name, versionOf(name) ?? "not installed"]);
  const cpus = os.cpus();
  return {
    kernel: host.kernelRelease,
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    node: process.version,
    filesystem,
    root: host.fullRoot,
    programs: Object.fromEntries(programs) as Record<string, string>,
    peers,
    gzip: gzipCodec(),
    date: new Date().toISOString(),
  };
}
