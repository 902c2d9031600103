import { StorageError } from "@copyup/core";

/** What a contestant is refused with that did other work than everybody. */
export function otherResult(who: string, how: string): StorageError {
  return new StorageError({ code: "IO", op: "bench", message: `${who} did not reach the same result: ${how}` });
}
