import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processTreeCpuMs } from "@copyup/linux";
import { summarize } from "../statistics/summary.ts";

const TIMES = 21;
const FILES = 200;

/**
 * How much the same work differs from itself on this machine now, as a part: half the interquartile range of the CPU time of
 * hashing and of writing small files, measured before anything is compared. No series is taken for quieter than this.
 */
export function machineNoise(dir: string): number {
  const bytes = Buffer.alloc(4 << 20, "noise");
  const costs: number[] = [];
  for (let i = 0; i <= TIMES; i++) {
    const own = path.join(dir, `noise-${i}`);
    const cpu = processTreeCpuMs();
    createHash("sha256").update(bytes).digest();
    mkdirSync(own);
    for (let file = 0; file < FILES; file++) writeFileSync(path.join(own, `${file}`), "noise");
    const cost = processTreeCpuMs() - cpu;
    // Plain files, made a line above.
    rmSync(own, { recursive: true });
    // The first one warms the machine.
    if (i > 0) costs.push(cost);
  }
  return summarize(costs).spread;
}
