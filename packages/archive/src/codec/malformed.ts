import { StorageError } from "@copyup/core";

interface MalformedOptions {
  /** A limit was reached: nothing need be wrong with the archive. */
  readonly limit?: boolean;
  readonly hint?: string | undefined;
}

/** What a parser deep inside finds wrong. The reader, which knows where it is, makes a StorageError of it. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly limit: boolean;
  readonly hint: string | undefined;

  constructor(what: string, options: MalformedOptions = {}) {
    super(what);
    this.limit = options.limit ?? false;
    this.hint = options.hint;
  }

  /** `path` is the entry's, shown as UTF-8 with replacement characters; `offset` counts in the uncompressed archive. */
  at(offset: number, path: Buffer | null): StorageError {
    const shown = path === null ? undefined : path.toString("utf8") || ".";
    const subject = shown === undefined ? "" : `${JSON.stringify(shown)}: `;
    return new StorageError({
      code: this.limit ? "LIMIT_EXCEEDED" : "BAD_ARCHIVE",
      op: "apply",
      message: `${subject}${this.message} (at byte ${offset} of the archive)`,
      path: shown,
      hint: this.hint,
    });
  }
}
