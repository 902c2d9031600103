import type { PackedLayer } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { OP } from "../read/refusals.ts";

/**
 * The bytes of a layer's archive for `apply`. Ends with LAYER_IN_USE, so that nothing of it is kept, where a file shrank or
 * vanished while it was read: the engine is at work there.
 */
export async function* archiveBytes(pack: PackedLayer): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | null = null;
  // One piece behind: the last one is given only when nothing speaks against the whole.
  for await (const piece of pack) {
    if (held !== null) yield held;
    held = piece;
  }
  const changed = pack.notes.find(({ kind }) => kind !== "socket");
  if (changed) {
    throw new StorageError({
      code: "LAYER_IN_USE",
      op: OP,
      path: changed.path,
      message: `${changed.path} ${changed.kind} while it was read`,
      hint: "stop the container, or the engine and import again",
    });
  }
  if (held !== null) yield held;
}
