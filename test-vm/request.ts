import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { DiskFilesystem } from "./image/disks.ts";
import { DEBIAN_KERNELS } from "./kernels/debian-suites.ts";

export type GuestFilesystem = DiskFilesystem | "tmpfs";

const FILESYSTEMS: readonly GuestFilesystem[] = ["ext4", "xfs", "btrfs", "tmpfs"];

/** What the command line asks for. */
export interface Request {
  /** `debian:6.1`, or the path of a bzImage. */
  readonly kernels: readonly string[];
  /** Holds `lib/modules/<release>` of a kernel given by path. */
  readonly modules: string | undefined;
  /** Empty: every driver that works in the guest. */
  readonly drivers: readonly string[];
  readonly filesystems: readonly GuestFilesystem[];
  readonly only: readonly string[];
  readonly require: readonly string[];
  readonly heavy: boolean;
  readonly runs: number | undefined;
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

export const USAGE = `Runs the conformance suite inside virtual machines, on other kernels than this one (QEMU, software emulation).

  npm run test:vm -- [options]

  --kernel KERNEL   debian:${Object.keys(DEBIAN_KERNELS).join(" | debian:")}, or the path of a kernel image;
                    may be repeated (default: debian:6.1)
  --modules DIR     where lib/modules/<release> of a kernel given by path lies
  --driver NAME     may be repeated (default: overlay2 and plain-copy)
  --fs NAMES        ${FILESYSTEMS.join(", ")} (default: ext4)
  --only ID         only these checks: an id or its beginning; may be repeated
  --require NAME    a skipped check of this driver is a failure
  --heavy           the checks that take long, too
  --runs N          random programs of each differential check
  --results DIR     keep each finished cell there, and go on where an interrupted run stopped
  --cache DIR       where downloaded kernels are kept (default: \${XDG_CACHE_HOME:-~/.cache}/copyup/kernels)
  --limit SECONDS   for one cell (default: 1800)
  --memory MB       of a guest (default: 2048)
  --jobs N          guests at a time, one processor each (default: 1, with two processors)
  --keep            leave the guest's console log and what it was booted from

  npm run test:vm -- --kernel debian:5.10 --only LA
  npm run test:vm -- --kernel debian:6.1 --kernel debian:7.x --fs ext4,xfs --results vm-results
  npm run test:vm -- --kernel /boot/vmlinuz-6.1-aufs --modules /srv/aufs --driver aufs
`;

export class UsageError extends Error {}

export function parseRequest(args: readonly string[]): Request | "help" {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  const filesystems = values.fs?.flatMap((text) => text.split(",")) ?? ["ext4"];
  for (const name of filesystems)
    if (!FILESYSTEMS.includes(name as GuestFilesystem))
      throw new UsageError(`--fs ${name}: there are ${FILESYSTEMS.join(", ")}`);
  const kernels = values.kernel ?? ["debian:6.1"];
  for (const kernel of kernels) {
    const version = /^debian:(.*)$/.exec(kernel)?.[1];
    if (version !== undefined && !(version in DEBIAN_KERNELS))
      throw new UsageError(`--kernel ${kernel}: Debian's are ${Object.keys(DEBIAN_KERNELS).join(", ")}`);
  }
  return {
    kernels,
    modules: values.modules,
    drivers: values.driver?.flatMap((text) => text.split(",")) ?? ["overlay2", "plain-copy"],
    filesystems: filesystems as GuestFilesystem[],
    only: values.only?.flatMap((text) => text.split(",")) ?? [],
    require: values.require?.flatMap((text) => text.split(",")) ?? [],
    heavy: values.heavy ?? false,
    runs: values.runs === undefined ? undefined : wholeNumber("--runs", values.runs),
    results: values.results,
    cache:
      values.cache ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "copyup", "kernels"),
    limit: wholeNumber("--limit", values.limit ?? "1800"),
    memory: wholeNumber("--memory", values.memory ?? "2048"),
    jobs: wholeNumber("--jobs", values.jobs ?? "1"),
    keep: values.keep ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const texts = { type: "string", multiple: true } as const;
  const flag = { type: "boolean" } as const;
  return parseArgs({
    args: [...args],
    options: {
      ...{
        kernel: texts,
        modules: text,
        driver: texts,
        fs: texts,
        only: texts,
        require: texts,
        heavy: flag,
        runs: text,
      },
      ...{ results: text, cache: text, limit: text, memory: text, jobs: text, keep: flag, help: flag },
    },
  }).values;
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`${name} ${value}: a whole number from 1 on`);
  return number;
}
