import { StorageError } from "@copyup/core";
import { displayPath, errnoName } from "@copyup/linux";
import type { Losses } from "../contract.ts";

export type LossKind = "owner" | "device" | "xattr" | "mode";

/**
 * What this user, or this filesystem, could not store. A lossy extraction counts it and goes on; otherwise the first one
 * ends it with NOT_REPRESENTABLE.
 */
export class Lost {
  readonly #lossy: boolean;
  readonly #counts: Record<string, number> = {};
  readonly #examples: Record<string, string> = {};

  constructor(lossy: boolean) {
    this.#lossy = lossy;
  }

  /** `what` completes "PATH: cannot store …", `errno` is positive. */
  record(kind: LossKind, path: Uint8Array, what: string, syscall: string, errno: number): void {
    const shown = path.length === 0 ? "." : displayPath(path);
    if (!this.#lossy) {
      throw new StorageError({
        code: "NOT_REPRESENTABLE",
        op: "apply",
        message: `${shown}: cannot store ${what} (${errnoName(errno)})`,
        path: shown,
        syscall,
        errno: errnoName(errno),
        hint: "run it as root, or with --lossy to go on without what cannot be stored",
      });
    }
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#examples[kind] ??= `${shown}: ${what}`;
  }

  /** So far. */
  get losses(): Losses {
    return { counts: { ...this.#counts }, examples: { ...this.#examples } };
  }
}
