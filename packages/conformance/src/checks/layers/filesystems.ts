import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { mount2, unmount } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import {
  canMakeImages,
  type ImageFilesystem,
  type LoopImage,
  type LoopImageOptions,
  mountLoopImage,
} from "../../scratch/index.ts";
import { plantFile, plantSymlink, setTimes } from "../../tree/plant.ts";
import { declares } from "../../trial/declared.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, sha256Of, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";

interface Ground {
  readonly name: string;
  readonly filesystem: ImageFilesystem;
  readonly megabytes: number;
  readonly mkfs?: readonly string[];
}

/** The smallest that each mkfs makes. Images are sparse. */
const IMAGES: readonly Ground[] = [
  { name: "ext4", filesystem: "ext4", megabytes: 16 },
  { name: "ext2 (by ext4)", filesystem: "ext4", megabytes: 16, mkfs: ["-t", "ext2"] },
  { name: "xfs", filesystem: "xfs", megabytes: 300 },
  { name: "btrfs", filesystem: "btrfs", megabytes: 128 },
];

export const sameOnEachFilesystem: Check = {
  id: "LA28",
  title:
    "on ext4, ext2, xfs, btrfs and tmpfs a layer has one view and one archive, and their limits are those of a plain file",
  cites: [
    "layers.md: same views, same bytes",
    "xfs: a symlink's text has 1,023 bytes at most (pjdfstest symlink/03, measured)",
    "measured on 6.18",
  ],
  deviations: {
    "symlink-enomem": "a symlink too long for the filesystem below is ENOMEM, not ENAMETOOLONG (fuse-overlayfs)",
  },
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    const results = new Map<string, readonly string[]>();
    const odd = new Set<string>();
    const lookAt = async (name: string, path: string) => {
      try {
        results.set(name, await outcomeOn(trial, path, odd));
      } catch (error) {
        if (!refuses(trial, error)) throw error;
      }
    };
    const small = trial.directoryFor("tmpfs");
    mount2("copyup-small", small, "tmpfs", 0, "size=16m,mode=0755");
    try {
      await lookAt("tmpfs", small);
    } finally {
      unmount(small);
    }
    for (const { name, filesystem, megabytes, mkfs = [] } of IMAGES) {
      // Which programs and modules there are is no matter of the driver's: ext4's are there.
      if (!canMakeImages(filesystem)) continue;
      const target = trial.directoryFor(filesystem);
      const file = `${trial.directoryFor("image")}/image`;
      const image = mounted({ file, sizeBytes: megabytes * 2 ** 20, filesystem, target, mkfs });
      if (image === null) continue;
      try {
        await lookAt(name, target);
      } finally {
        image.close();
      }
    }
    const [[first, expected] = ["", []]] = results;
    trial.ok(results.size > 1, `filesystems with an outcome: ${[...results.keys()]}`);
    for (const [name, lines] of results) {
      trial.equal(onlyIn(lines, expected), [], `what is on ${name} and not on ${first}`);
      trial.equal(onlyIn(expected, lines), [], `what is on ${first} and not on ${name}`);
    }
    return odd.size === 0 ? undefined : "symlink-enomem";
  },
};

/** As declared: FA08 and LA27 look at the refusal. */
function refuses(trial: Trial, error: unknown): boolean {
  const declared = ["FA08", "LA27"].some((check) => declares(trial, check, "refused"));
  return declared && isStorageError(error) && error.code === "DRIVER_UNSUPPORTED";
}

/** A few lines: one that differs makes the archive's differ too. */
function onlyIn(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line)).slice(0, 3);
}

/** Null where the kernel has no such filesystem. */
function mounted(options: LoopImageOptions): LoopImage | null {
  try {
    return mountLoopImage(options);
  } catch (error) {
    if (isStorageError(error) && error.errno === "ENODEV") return null;
    throw error;
  }
}

/** Whole seconds, which the oldest of them keep. */
const T = (second: number) => ({ mtimeNs: BigInt(1_600_000_000 + second) * 1_000_000_000n });

/** The views, a line a name, and the archives' digests of a base and of a layer on it with everything that a union keeps marks for. */
async function outcomeOn(trial: Trial, path: string, odd: Set<string>): Promise<string[]> {
  await using store = await openStore({ root: `${path}/store`, driver: trial.driver, create: true });
  const base = await layerOn(store, null, (root) => {
    for (const name of ["gone", "kept", "replaced/a", "replaced/b", "moved", "deep/er/f"])
      plantFile(root, name, name, T(1));
    plantSymlink(root, "link", "kept", T(1));
    linkSync(`${root}/kept`, `${root}/also-kept`);
    settle(root, ["deep/er", "deep", "replaced", "."]);
  });
  const layer = await layerOn(store, base, (root) => {
    for (const name of ["gone", "replaced"]) rmSync(`${root}/${name}`, { recursive: true });
    mkdirSync(`${root}/replaced`);
    plantFile(root, "replaced/c", "new", { ...T(2), mode: 0o4755, uid: 7, gid: 8, xattrs: { "trusted.mine": "\0v" } });
    renameSync(`${root}/moved`, `${root}/deep/er/moved`);
    plantFile(root, "deep/er/f", "written", T(2));
    settle(root, ["deep/er", "deep", "replaced", "."]);
  });
  const told: string[] = [];
  for (const [which, one] of Object.entries({ base, layer })) {
    // Directories' link counts and sizes are each filesystem's own, and not told.
    const lines = [...(await viewing(store, one, treeLines)), `archive ${sha256Of(await exported(store, one))}`];
    told.push(...lines.map((line) => `${which}: ${line}`));
  }
  await sameLimits(trial, store, path, odd);
  trial.equal((await store.check()).problems, [], "problems that check finds");
  return told;
}

function settle(root: string, directories: readonly string[]): void {
  for (const name of directories) setTimes(`${root}/${name}`, undefined, T(3).mtimeNs);
}

async function sameLimits(
  trial: Trial,
  store: Awaited<ReturnType<typeof openStore>>,
  path: string,
  odd: Set<string>,
): Promise<void> {
  await using active = await store.prepare();
  await using mount = await active.mount();
  for (const length of [1023, 1024, 4095]) {
    const made = (root: string) => trial.errno(() => symlinkSync("x".repeat(length), `${root}/symlink-${length}`));
    const [mounted, plain] = [made(mount.path), made(path)];
    if (plain === "ENAMETOOLONG" && mounted === "ENOMEM") odd.add(path);
    else trial.equal(mounted, plain, `a symlink of ${length} bytes`);
  }
}
