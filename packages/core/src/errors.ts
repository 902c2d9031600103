import type { ErrorCode } from "./error-codes.ts";

export interface StorageErrorFields {
  readonly code: ErrorCode;
  readonly message: string;
  /** What was being done: `apply`, `mount`, `commit`, … */
  readonly op: string;
  readonly driver?: string | undefined;
  readonly layer?: string | undefined;
  readonly path?: string | undefined;
  readonly syscall?: string | undefined;
  /** Symbolic: `EBUSY`. */
  readonly errno?: string | undefined;
  /** What a person can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A driver of another package brings its own copy of this one, whose class is another: so errors are told by this mark, not by
 * `instanceof`. On the prototype, where nobody prints it.
 */
const MARK = Symbol.for("@copyup/core StorageError");

/** Every error this project throws on purpose. The code is API, the message is for people. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: ErrorCode;
  readonly op: string;
  readonly driver: string | undefined;
  readonly layer: string | undefined;
  readonly path: string | undefined;
  readonly syscall: string | undefined;
  readonly errno: string | undefined;
  readonly hint: string | undefined;

  constructor(fields: StorageErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.op = fields.op;
    this.driver = fields.driver;
    this.layer = fields.layer;
    this.path = fields.path;
    this.syscall = fields.syscall;
    this.errno = fields.errno;
    this.hint = fields.hint;
  }

  get [MARK](): true {
    return true;
  }

  /** For `--json`: the fields that are set. */
  toJSON(): Record<string, unknown> {
    const { code, message, op, driver, layer, path, syscall, errno, hint } = this;
    return Object.fromEntries(
      Object.entries({ code, message, op, driver, layer, path, syscall, errno, hint }).filter(
        ([, v]) => v !== undefined,
      ),
    );
  }
}

/** Also true for the error of another copy of this package. */
export function isStorageError(error: unknown, code?: ErrorCode): error is StorageError {
  if (typeof error !== "object" || error === null || !(MARK in error)) return false;
  return code === undefined || (error as StorageError).code === code;
}
