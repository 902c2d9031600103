import { type Sha256, sha256 } from "../../compress/index.ts";
import type { Comparison, LongOptions } from "../contract.ts";
import { DifferenceWalk } from "../diff/difference-walk.ts";
import { shownPath } from "../failure.ts";
import { Pace } from "../pace.ts";
import { type NoteKind, TarSteps } from "./tar-steps.ts";

const OP = "diff";

/** Something the archive does not hold, or not as it was found. `shrank`, `vanished`: somebody was writing to the layer. */
export interface PackNote {
  readonly kind: NoteKind;
  readonly path: string;
}

export interface PackOptions extends LongOptions {
  /**
   * The reader is done with a piece when it asks for the next one, so two pieces of memory do. Not for streams, which read
   * ahead. Without it a piece is the reader's to keep, and the garbage collector lets some 100 MB of them gather.
   */
  readonly reuse?: boolean | undefined;
}

/** A layer archive in the making. Reads once; stopping early frees everything. */
export interface PackedLayer extends AsyncIterable<Buffer> {
  /** `sha256:…` of the bytes, settled when the last one was read; rejects with what ended it before. */
  readonly digest: Promise<string>;
  /** Complete when the digest is there. */
  readonly notes: readonly PackNote[];
}

/**
 * The canonical archive (layers.md) of what makes one view of another. Made as it is read, in pieces of about 1 MB that are
 * the reader's to keep (see `reuse`).
 *
 * Reading rejects with NOT_REPRESENTABLE naming the path (a name beginning `.wh.`, a character device 0:0, a layer written
 * with redirects), LIMIT_EXCEEDED (paths over 4,095 bytes), NEEDS_PRIVILEGE, IO, or the signal's reason. A file of an active
 * layer that changes size meanwhile is cut or filled to the size it had when it was found.
 */
export function packLayer(comparison: Comparison, o: PackOptions = {}): PackedLayer {
  const notes: PackNote[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Nobody need ask for it.
  promise.catch(() => {});
  const hash = sha256();
  let begun = false;

  async function* read(): AsyncGenerator<Buffer, void, void> {
    let finished = false;
    try {
      yield* pieces(comparison, o, hash, (kind, path) => notes.push({ kind, path: shownPath(path) }));
      finished = true;
      resolve(hash.digest());
    } catch (error) {
      reject(error);
      throw error;
    } finally {
      if (!finished) reject(new Error("the archive was not read to its end"));
    }
  }

  return {
    digest: promise,
    notes,
    [Symbol.asyncIterator]() {
      if (begun) throw new TypeError("a packed layer is read once");
      begun = true;
      return read();
    },
  };
}

async function* pieces(
  comparison: Comparison,
  o: PackOptions,
  hash: Sha256,
  note: (kind: NoteKind, path: string) => void,
): AsyncGenerator<Buffer, void, void> {
  const pace = new Pace(OP, o);
  const walk = new DifferenceWalk(comparison, { op: OP, pace, onSocket: (path) => note("socket", path) });
  const steps = new TarSteps(walk, { op: OP, pace, note, reuse: o.reuse ?? false }).pieces();
  try {
    for (let step = steps.next(); !step.done; step = steps.next()) {
      if (step.value !== undefined) {
        hash.update(step.value);
        yield step.value;
      }
      if (pace.due) await pace.rest();
    }
    pace.report();
  } finally {
    steps.return();
  }
}
