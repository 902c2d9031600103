import { AT_FDCWD, lstatAt, Stat, setMtimeAt } from "@copyup/linux";
import { declaredEverywhere } from "./declared.ts";
import type { Trial } from "./trial.ts";

/**
 * Runs an edit; where the driver declares that a copy-up changes the times of directories (`parent-times`), those of
 * `directories` are put back. For checks that are about what else an edit leaves in a layer.
 */
export function keepingTimes<T>(trial: Trial, root: string, directories: readonly string[], edit: () => T): T {
  if (!declaredEverywhere(trial.profile).parentTimes) return edit();
  const before = directories.map((name) => ({
    path: `${root}/${name}`,
    stat: lstatAt(AT_FDCWD, `${root}/${name}`, new Stat()),
  }));
  const result = edit();
  // The deepest first: setting a time copies up, and that changes the time of the one above.
  for (const { path, stat } of before.toSorted((a, b) => b.path.length - a.path.length)) {
    setMtimeAt(AT_FDCWD, path, stat.mtimeSec, stat.mtimeNsec);
  }
  return result;
}
