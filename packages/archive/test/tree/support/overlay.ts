import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { MS_RDONLY, mount2, unmount } from "@copyup/linux";
import type { ViewParts } from "../../../src/tree/index.ts";

const OPTIONS = "index=off,metacopy=off,redirect_dir=nofollow,xino=off";

/** A stack of overlay layers written by real mounts, below one directory. */
export class OverlayStack {
  readonly dir: string;
  /** Nearest first. */
  readonly uppers: string[] = [];

  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(path.join(dir, "merged"), { recursive: true });
  }

  get merged(): string {
    return path.join(this.dir, "merged");
  }

  /** The view `generations` back: 0 is the newest. */
  parts(generations = 0): ViewParts {
    return this.uppers.slice(generations).map((dir) => ({ dir, dialect: "overlay-trusted" }));
  }

  /** A new layer on top, its content made by a shell script in the mounted view (the first one in a plain directory). */
  add(script: string): void {
    const upper = path.join(this.dir, `layer${this.uppers.length}`);
    mkdirSync(upper);
    const [parent] = this.uppers;
    if (parent === undefined) {
      execFileSync("bash", ["-ec", script], { cwd: upper });
    } else {
      // The root's attributes come from the upper alone.
      execFileSync("sh", [
        "-ec",
        'chmod --reference="$1" "$2"; chown --reference="$1" "$2"; touch -r "$1" "$2"',
        "sh",
        parent,
        upper,
      ]);
      const work = path.join(this.dir, `work${this.uppers.length}`);
      mkdirSync(work);
      this.mounted(`lowerdir=${this.uppers.join(":")},upperdir=${upper},workdir=${work}`, 0, () =>
        execFileSync("bash", ["-ec", script], { cwd: this.merged }),
      );
    }
    this.uppers.unshift(upper);
  }

  /** With a view mounted read-only at `merged`. */
  view<T>(generations: number, use: (merged: string) => T): T {
    const empty = path.join(this.dir, "empty");
    mkdirSync(empty, { recursive: true });
    const lowers = this.uppers.slice(generations);
    // Alone it would need a second lower; the root's attributes come from the topmost.
    return this.mounted(`lowerdir=${[...lowers, empty].join(":")}`, MS_RDONLY, () => use(this.merged));
  }

  private mounted<T>(directories: string, flags: number, use: () => T): T {
    mount2("overlay", this.merged, "overlay", flags, `${OPTIONS},${directories}`);
    let result: T;
    try {
      result = use();
    } catch (error) {
      unmount(this.merged);
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => unmount(this.merged)) as T;
    unmount(this.merged);
    return result;
  }
}
