import type { Figure } from "../workload.ts";

/** What a reader calls a figure. */
export const FIGURE_NAMES: Readonly<Record<Figure, string>> = {
  cpuMs: "CPU time",
  wallMs: "wall time",
  peakBytes: "peak memory",
  writtenBytes: "written",
  diskBytes: "disk used",
  inodes: "inodes",
  cachedBytes: "page cache",
};

export const isTime = (figure: Figure): boolean => figure === "cpuMs" || figure === "wallMs";

/** In a unit that suits it, to three digits: `1.38 s`, `62.7 ms`, `4.10 MB`; bytes by powers of ten, as disks are sold. */
export function amount(figure: Figure, value: number): string {
  if (figure === "inodes") return Math.round(value).toLocaleString("en");
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (isTime(figure)) return `${sign}${time(size)}`;
  return `${sign}${bytes(size)}`;
}

/** Of a number that is round: `20 ms`, not `20.0 ms`. */
export const roundAmount = (figure: Figure, value: number): string =>
  amount(figure, value).replace(/\.0+(?= )|(?<=\.\d*[1-9])0+(?= )/, "");

/** `9 %`. */
export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;

function time(ms: number): string {
  if (ms >= 1000) return `${threeDigits(ms / 1000)} s`;
  return ms >= 1 || ms === 0 ? `${threeDigits(ms)} ms` : `${threeDigits(ms * 1000)} µs`;
}

function bytes(size: number): string {
  const [unit, name] = UNITS.find(([unit]) => size >= unit) ?? [1, "B"];
  return unit === 1 ? `${Math.round(size)} B` : `${threeDigits(size / unit)} ${name}`;
}

const UNITS: readonly [number, string][] = [
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
];

function threeDigits(value: number): string {
  if (value === 0) return "0";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
