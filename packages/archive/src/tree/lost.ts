import { StorageError } from "@copyup/core";
import { errnoName } from "@copyup/linux";
import type { Losses } from "./contract.ts";
import { shownPath } from "./failure.ts";

export type LossKind = "owner" | "device" | "xattr" | "mode" | "link" | "socket";

/**
 * What this user, or this filesystem, cannot store. Lossy work counts it and goes on; otherwise the first one ends it with
 * NOT_REPRESENTABLE naming the path.
 */
export class Lost {
  private readonly lossy: boolean;
  private readonly op: string;
  private readonly counts: Record<string, number> = {};
  private readonly examples: Record<string, string> = {};

  constructor(op: string, lossy: boolean) {
    this.op = op;
    this.lossy = lossy;
  }

  /** `what` completes "PATH: cannot store …"; the path is latin1, `errno` positive. */
  record(kind: LossKind, path: string, what: string, syscall: string, errno: number): void {
    const shown = shownPath(path);
    if (!this.lossy) {
      throw new StorageError({
        code: "NOT_REPRESENTABLE",
        op: this.op,
        message: `${shown}: cannot store ${what} (${errnoName(errno)})`,
        path: shown,
        syscall,
        errno: errnoName(errno),
        hint: "run it as root, or with --lossy to go on without what cannot be stored",
      });
    }
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    this.examples[kind] ??= `${shown}: ${what}`;
  }

  get losses(): Losses {
    return { counts: { ...this.counts }, examples: { ...this.examples } };
  }
}
