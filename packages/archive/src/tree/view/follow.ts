import { ABSENT, HIDDEN, type Level } from "./level.ts";
import type { ViewDirectory } from "./view-directory.ts";

/**
 * Where a name is to be looked for in the parts further below: beside where it was, or from the root, once a redirect was met.
 * As fs/overlayfs/namei.c does it (ovl_lookup, ovl_lookup_layer, ovl_check_redirect; 6.18).
 */
export class Trail {
  names: readonly string[];
  /** Names lead from the view's root, not from the directory it was looked up in. */
  fromRoot = false;
  private readonly start: ViewDirectory;

  constructor(start: ViewDirectory, name: string) {
    this.start = start;
    this.names = [name];
  }

  /** The nearest part below `part` that is to be asked, null after the last. */
  below(part: number): Level | null {
    const levels = this.fromRoot ? this.start.root.levels : this.start.levels;
    return levels.find((level) => level.part > part) ?? null;
  }

  /** The name at `index` is another one below; what follows it stays. */
  redirect(index: number, to: string): void {
    const before = this.names.slice(0, index);
    const after = this.names.slice(index + 1);
    if (to.startsWith("/")) this.fromRoot = true;
    this.names = to.startsWith("/") ? [...split(to), ...after] : [...before, to, ...after];
  }
}

function split(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** Opens the directories a merged directory is made of, nearest first, into `found`. */
export function followDirectory(start: ViewDirectory, name: string, found: Level[]): void {
  const trail = new Trail(start, name);
  let part = -1;
  for (let base = trail.below(part); base !== null; base = trail.below(part)) {
    part = base.part;
    const { level, last } = descend(base, trail, trail.names);
    if (level === HIDDEN) return;
    if (level !== ABSENT && level !== base) found.push(level);
    if (last) return;
  }
}

/**
 * Goes down `names` in one part. `last`: an opaque directory on the way, and no redirect from the root after it, so that further
 * parts are not asked. The level is `base` itself for no names.
 */
export function descend(
  base: Level,
  trail: Trail,
  names: readonly string[],
): { readonly level: Level | typeof ABSENT | typeof HIDDEN; readonly last: boolean } {
  let at = base;
  let last = false;
  let behind = 0;
  for (const [i, name] of names.entries()) {
    const child = at.child(name);
    if (at !== base) at.close();
    if (child === ABSENT || child === HIDDEN) return { level: child, last: last || child === HIDDEN };
    at = child;
    last ||= child.complete;
    if (child.redirect === null) continue;
    const before = trail.names.length;
    trail.redirect(i + behind, child.redirect);
    // A redirect from the root may be longer or shorter than what it stands for.
    behind += trail.names.length - before;
    if (child.redirect.startsWith("/")) last = false;
  }
  return { level: at, last };
}
