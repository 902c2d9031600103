import { StorageError } from "@copyup/core";

/** There are none. Throws `BAD_OPTION`. */
export function parseOptions(given: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(given)) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "open",
      driver: "plain-copy",
      message: `plain-copy has no option "${name}"`,
      hint: "plain-copy takes no options",
    });
  }
}
