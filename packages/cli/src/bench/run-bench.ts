import path from "node:path";
import { type BenchResult, BYTES_AN_INODE, bench, type Choices, type Maker } from "@copyup/bench";
import { withScratch } from "@copyup/conformance";
import { type DriverModule, StorageError } from "@copyup/core";
import { describeContext, loadDriver, probeAll, whyNot } from "@copyup/runtime";
import { copyupCommit } from "../suite/commit.ts";
import { VERSION } from "../version.ts";

export interface BenchRequest extends Omit<Choices, "command"> {
  readonly workloads: readonly Maker[];
  readonly filesystem: "ext4" | "xfs" | "btrfs";
  readonly scale: number;
  readonly work: string | undefined;
  readonly driver: string | undefined;
  readonly signal: AbortSignal;
  say(text: string): void;
  onResult(soFar: BenchResult): void;
}

/** Rejects with BAD_OPTION, NO_DRIVER, and where no image can be made NEEDS_PRIVILEGE: the host's own filesystem is never measured. */
export async function runBench(request: BenchRequest): Promise<{ report: BenchResult; place: string }> {
  // An image takes seconds, and root.
  if (request.driver !== undefined) await loadDriver(request.driver);
  const image = { image: "required", imageFilesystem: request.filesystem, work: request.work } as const;
  // Small files need more inodes than mkfs.ext4 makes by itself; without them the image would have to be four times as large.
  const mkfs = request.filesystem === "ext4" ? ["-i", String(BYTES_AN_INODE)] : [];
  return withScratch({ ...image, imageBytes: imageBytes(request), mkfs }, async (scratch) => {
    const context = describeContext(scratch.dir);
    const drivers = await workingDrivers(context, request.driver);
    const report = await bench({
      ...request,
      drivers,
      host: context.host,
      dir: scratch.dir,
      ...{ filesystem: scratch.filesystem, place: scratch.description },
      ...{ version: VERSION, commit: copyupCommit() },
      command: [process.execPath, ...process.execArgv, path.resolve(process.argv[1] ?? "")],
      onProgress: request.say,
    });
    return { report, place: scratch.description };
  });
}

/** A tree of 1 takes about 120 MB on disk, and there are up to a dozen of it at a time; with peers as many again. */
function imageBytes(request: BenchRequest): number {
  const more = Math.max(0, ...request.workloads.map((maker) => maker.roomBytes?.(request) ?? 0));
  return Math.ceil(Math.max(2, 3 * request.scale) * (request.peers ? 2 : 1) + more / 1024 ** 3) * 1024 ** 3;
}

async function workingDrivers(
  context: ReturnType<typeof describeContext>,
  asked: string | undefined,
): Promise<DriverModule[]> {
  const reports = await probeAll(context);
  const wanted = reports.filter(({ driver }) => asked === undefined || driver === asked);
  const usable = wanted.filter(({ works }) => works);
  if (usable.length === 0) {
    const reasons = wanted.map((report) => `${report.driver} does not work here: ${whyNot(report)}`);
    throw new StorageError({
      code: "NO_DRIVER",
      op: "bench",
      message: reasons.join("; "),
      hint: "`copyup probe` shows all the evidence",
    });
  }
  return Promise.all(usable.map(({ driver }) => loadDriver(driver)));
}
