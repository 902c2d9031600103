import { StorageError } from "../../../packages/core/src/index.ts";

/**
 * What is not there yet. A failing check shows the message, so it says what to write next and in which file.
 * Delete this file together with its last use.
 */
export function notWritten(what: string, todo: string, file: string): StorageError {
  return new StorageError({
    code: "NOT_IMPLEMENTED",
    op: what,
    driver: "new-driver",
    message: `${what} is not written yet: ${todo} (packages/new-driver/${file})`,
    hint: "docs/adding-a-driver.md shows the order in which to write a driver",
  });
}
