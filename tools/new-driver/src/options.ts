import { StorageError } from "../../../packages/core/src/index.ts";

/** There are none so far. Throws `BAD_OPTION`. */
export function parseOptions(given: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(given)) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "open",
      driver: "new-driver",
      message: `new-driver has no option "${name}"`,
      hint: "new-driver takes no options",
    });
  }
}
