import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { allChecks } from "../packages/conformance/src/index.ts";
import type { DiskFilesystem } from "./image/disks.ts";
import { DEBIAN_KERNELS } from "./kernels/debian-suites.ts";
import { SMOKE } from "./smoke.ts";

export type GuestFilesystem = DiskFilesystem | "tmpfs";

export const FILESYSTEMS: readonly GuestFilesystem[] = ["ext4", "xfs", "btrfs", "tmpfs"];
/** aufs is in no kernel of Debian's. */
export const DRIVERS: readonly string[] = ["overlay2", "plain-copy", "fuse-overlayfs", "aufs"];

/** What the command line asks for. */
export interface Request {
  /** `debian:6.1`, or the path of a bzImage. */
  readonly kernels: readonly string[];
  /** Holds `lib/modules/<release>` of a kernel given by path. */
  readonly modules: string | undefined;
  /** Undefined: overlay2 and plain-copy; in the matrix fuse-overlayfs too, and on a kernel given by path aufs alone. */
  readonly drivers: readonly string[] | undefined;
  readonly filesystems: readonly GuestFilesystem[];
  /** Every kernel, filesystem and driver; on filesystems other than the first only the rows that rest on the filesystem. */
  readonly matrix: boolean;
  readonly only: readonly string[];
  readonly require: readonly string[];
  readonly heavy: boolean;
  readonly runs: number | undefined;
  readonly seed: number | undefined;
  /** Cells (one kernel, filesystem and driver) are kept here, and those already there are not run again. */
  readonly results: string | undefined;
  /** Downloaded kernels. */
  readonly cache: string;
  /** Seconds a cell may take. */
  readonly limit: number;
  readonly memory: number;
  readonly jobs: number;
  readonly keep: boolean;
}

/** The project's checkout. */
export const PROJECT = path.resolve(import.meta.dirname, "..");

export const MATRIX_RESULTS: string = path.join(PROJECT, "reports/matrix");

export class UsageError extends Error {}

/** Throws UsageError before anything is booted. */
export function parseRequest(args: readonly string[]): Request | "help" {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { help, matrix = false, smoke = false, "without-debian": alone = false, ...values } = parsed;
  if (help) return "help";
  if (matrix && smoke) throw new UsageError("--matrix or --smoke, not both");
  if (alone && !values.kernel?.every(isOwn))
    throw new UsageError("--without-debian: name the kernels that are to run, each by --kernel FILE");
  const given = {
    kernels: values.kernel,
    filesystems: values.fs && choices("--fs", values.fs, FILESYSTEMS),
    drivers: values.driver && choices("--driver", values.driver, DRIVERS),
    only: values.only && checks(values.only),
    runs: values.runs && wholeNumber("--runs", values.runs),
    seed: values.seed && wholeNumber("--seed", values.seed),
    jobs: values.jobs && wholeNumber("--jobs", values.jobs),
    limit: values.limit && wholeNumber("--limit", values.limit),
    results: values.results,
  };
  const preset = matrix ? MATRIX : smoke ? SMOKE_TEST : PLAIN;
  const told = { ...preset, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  return {
    ...(told as typeof preset),
    kernels: kernels(given.kernels, preset.kernels, matrix && !alone),
    modules: values.modules,
    matrix,
    require: values.require ? choices("--require", values.require, DRIVERS) : [],
    heavy: values.heavy ?? false,
    cache:
      values.cache ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "copyup", "kernels"),
    memory: wholeNumber("--memory", values.memory ?? "2048"),
    keep: values.keep ?? false,
  };
}

type Preset = Pick<
  Request,
  "kernels" | "drivers" | "filesystems" | "only" | "runs" | "seed" | "jobs" | "limit" | "results"
>;

const PLAIN: Preset = {
  kernels: ["debian:6.1"],
  drivers: undefined,
  filesystems: ["ext4"],
  only: [],
  runs: undefined,
  seed: undefined,
  jobs: 1,
  limit: 1800,
  results: undefined,
};

const DEBIAN = Object.keys(DEBIAN_KERNELS).map((version) => `debian:${version}`);

/** One seed everywhere: what differs then differs by the kernel. Random programs are fewer, because there are 48 cells of them. */
const MATRIX: Preset = {
  ...PLAIN,
  kernels: DEBIAN,
  filesystems: FILESYSTEMS,
  runs: 10,
  seed: 1,
  jobs: 2,
  results: MATRIX_RESULTS,
};

const SMOKE_TEST: Preset = {
  ...PLAIN,
  kernels: DEBIAN.filter((_, i, all) => i === 0 || i === all.length - 1),
  drivers: ["overlay2"],
  only: SMOKE,
  runs: 5,
  seed: 1,
  jobs: 2,
  // CI has ten minutes for it, preparation included.
  limit: 400,
};

const isOwn = (kernel: string) => !kernel.startsWith("debian:");

/** In the matrix a kernel of one's own stands `beside` Debian's, unless these are not wanted. */
function kernels(given: readonly string[] | undefined, preset: readonly string[], beside: boolean): readonly string[] {
  if (given === undefined) return preset;
  for (const kernel of given)
    if (!isOwn(kernel) && !DEBIAN.includes(kernel))
      throw new UsageError(`--kernel ${kernel}: Debian's are ${DEBIAN.join(", ")}`);
  return [...new Set(beside && given.every(isOwn) ? [...preset, ...given] : given)];
}

function choices<T extends string>(option: string, given: readonly string[], known: readonly T[]): T[] {
  const names = given.flatMap((text) => text.split(",")).filter(Boolean);
  for (const name of names)
    if (!known.includes(name as T)) throw new UsageError(`${option} ${name}: there are ${known.join(", ")}`);
  return [...new Set(names)] as T[];
}

/** The guest would refuse it too, but only after it has booted. */
function checks(given: readonly string[]): string[] {
  const ids = given.flatMap((text) => text.split(",")).filter(Boolean);
  for (const id of ids)
    if (!allChecks.some((check) => check.id.startsWith(id.toUpperCase())))
      throw new UsageError(`--only ${id}: no check is called so or begins so; docs/catalogue.md has them all`);
  return ids;
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const texts = { type: "string", multiple: true } as const;
  const flag = { type: "boolean" } as const;
  return parseArgs({
    args: [...args],
    options: {
      ...{
        matrix: flag,
        smoke: flag,
        "without-debian": flag,
        kernel: texts,
        modules: text,
        driver: texts,
        fs: texts,
        only: texts,
      },
      ...{ require: texts, heavy: flag, runs: text, seed: text, results: text, cache: text, limit: text },
      ...{ memory: text, jobs: text, keep: flag, help: flag },
    },
  }).values;
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`${name} ${value}: a whole number from 1 on`);
  return number;
}
