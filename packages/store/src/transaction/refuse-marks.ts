import { setImmediate } from "node:timers/promises";
import { openView, privatePrefixes, type ViewDirectory, type ViewPart, xattrPath } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { displayPath, listXattrs } from "@copyup/linux";

const SLICE_MS = 10;

/**
 * A tree was copied into a directory whose dialect says deletions with files or xattrs of its own. If the tree held such
 * (a 0:0 device, a `trusted.overlay.` xattr, on aufs a `.wh.` name), the layer would not show what was imported:
 * NOT_REPRESENTABLE naming it. So too for a name that aufs lists but does not let anybody use.
 */
export async function refuseMarks(part: ViewPart, signal: AbortSignal | undefined): Promise<void> {
  if (part.dialect === "tree") return;
  const plain = openView([{ dir: part.dir, dialect: "tree" }], "import");
  try {
    const shown = openView([part], "import");
    try {
      await walk(plain, shown, privatePrefixes(part.dialect), new Slices(signal));
    } finally {
      shown.close();
    }
  } finally {
    plain.close();
  }
}

class Slices {
  readonly #signal: AbortSignal | undefined;
  #until = performance.now() + SLICE_MS;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get due(): boolean {
    return performance.now() >= this.#until;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#until = performance.now() + SLICE_MS;
  }
}

async function walk(plain: ViewDirectory, shown: ViewDirectory, own: readonly string[], slices: Slices): Promise<void> {
  refuseXattrs(plain, ".", own);
  const visible = new Set(shown.names());
  for (const name of plain.names()) {
    if (slices.due) await slices.rest();
    const path = plain.path === "" ? name : `${plain.path}/${name}`;
    if (isTooLong(name, shown.dialect))
      throw refused(path, `a name of ${name.length} bytes; aufs takes ${AUFS_NAME_MAX}`);
    if (!visible.has(name)) throw refused(path, "this driver reads it as the mark of a deletion");
    const type = plain.lookup(name)?.stat.type;
    if (type !== "directory") {
      refuseXattrs(plain, name, own);
      continue;
    }
    const [a, b] = [plain.child(name), shown.child(name)];
    try {
      if (a && b) await walk(a, b, own, slices);
    } finally {
      a?.close();
      b?.close();
    }
  }
}

/** aufs keeps `.wh.NAME` beside NAME, and something between in its own directories (statfs says 242). */
const AUFS_NAME_MAX = 242;

function isTooLong(name: string, dialect: string): boolean {
  return dialect === "aufs" && name.length > AUFS_NAME_MAX;
}

function refuseXattrs(directory: ViewDirectory, name: string, own: readonly string[]): void {
  if (own.length === 0) return;
  const fd = directory.levels[0]?.fd ?? -1;
  const mark = listXattrs(xattrPath(fd, name)).find((xattr) => own.some((prefix) => xattr.startsWith(prefix)));
  if (mark)
    throw refused(name === "." ? directory.path : `${directory.path}/${name}`, `the driver keeps ${mark} for itself`);
}

function refused(path: string, why: string): StorageError {
  const shown = path === "" ? "." : displayPath(Buffer.from(path.replace(/^\//, ""), "latin1"));
  return new StorageError({
    code: "NOT_REPRESENTABLE",
    op: "import",
    path: shown,
    message: `${shown}: ${why}`,
    hint: "remove it from the directory, or import it into a plain-copy store",
  });
}
