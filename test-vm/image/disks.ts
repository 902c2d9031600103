import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync } from "node:fs";
import path from "node:path";

export type DiskFilesystem = "ext4" | "xfs" | "btrfs";

const BYTES = 6 * 1024 ** 3;

/** Only what a 5.10 kernel mounts too: newer mkfs turn on features that it refuses. */
const MKFS: Record<DiskFilesystem, readonly string[]> = {
  ext4: [
    "mkfs.ext4",
    "-q",
    "-F",
    "-m",
    "0",
    "-O",
    "^metadata_csum_seed,^orphan_file",
    "-E",
    "lazy_itable_init=0,lazy_journal_init=0",
  ],
  xfs: ["mkfs.xfs", "-q", "-f", "-i", "nrext64=0"],
  btrfs: ["mkfs.btrfs", "-q", "-f", "-R", "^free-space-tree"],
};

/** Makes a sparse image with a fresh filesystem. */
export function makeDisk(filesystem: DiskFilesystem, directory: string): string {
  const file = path.join(directory, `${filesystem}.img`);
  const fd = openSync(file, "w", 0o600);
  ftruncateSync(fd, BYTES);
  closeSync(fd);
  const [command = "", ...args] = MKFS[filesystem];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
  try {
    execFileSync(command, [...args, file], { stdio: "pipe", env });
  } catch {
    // An older mkfs does not know a feature that it need not turn off either.
    execFileSync(command, [...args.filter((arg, i) => !isFeature(arg, args[i - 1])), file], { stdio: "pipe", env });
  }
  return file;
}

function isFeature(arg: string, before: string | undefined): boolean {
  return ["-O", "-i", "-R"].includes(arg) || ["-O", "-i", "-R"].includes(before ?? "");
}
