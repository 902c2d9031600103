import {
  check,
  libc,
  makeDev,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_WRONLY,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  Stat,
} from "@copyup/linux";
import type { ContentCopier } from "../copy/content.ts";
import { callFailed } from "../failure.ts";
import { openFile } from "../open-file.ts";
import { type Pace, runPaced } from "../pace.ts";
import { layerXattrs, type ViewEntry, xattrPath } from "../view/index.ts";
import type { Attributes } from "./attributes.ts";
import { linkText } from "./below.ts";
import { extractionError } from "./failures.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { pinName } from "./pinned-names.ts";

const WRITE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
/** Files up to here are copied at once. */
const SMALL_BYTES = 1 << 20;

interface Waiting {
  readonly source: number;
  readonly target: number;
  readonly stat: Stat;
  readonly attributes: Attributes;
}

/**
 * Brings single files of the view below into the layer, attributes and all. The reader calls from inside a chunk and cannot
 * wait, so large files are made empty, can be linked at once, and get their content before the next chunk.
 */
export class CopyUp {
  readonly #layer: LayerInProgress;
  readonly #copier: ContentCopier;
  readonly #waiting: Waiting[] = [];

  constructor(layer: LayerInProgress, copier: ContentCopier) {
    this.#layer = layer;
    this.#copier = copier;
  }

  /** As the name it has in the directory `directory`, where the layer has nothing. */
  copy(found: ViewEntry, directory: number, bytes: Buffer, start: number, end: number): void {
    const { open, attributes } = this.#layer;
    this.#layer.checkName(bytes, start, end);
    const type = found.stat.mode & S_IFMT;
    const a = this.#attributesOf(found, bytes.subarray(0, end));
    const fd = open.fd(directory);
    const name = pinName(bytes, start, end);
    if (type === S_IFREG) {
      this.#file(found, check(libc.openat(fd, name, WRITE, a.mode & 0o777), "openat"), a);
    } else if (type === S_IFLNK) {
      const text = linkText(found);
      check(libc.symlinkat(pinName(text, 0, text.length, 1), fd, name), "symlinkat");
      attributes.symlink(fd, bytes, start, end, a);
    } else {
      const device = makeDev(found.stat.rdevMajor, found.stat.rdevMinor);
      check(libc.mknodat(fd, name, type | a.mode, device), "mknodat");
      attributes.named(fd, bytes, start, end, attributes.madeMode(a.mode), a);
    }
  }

  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Copies the content of what waits. */
  async drain(pace: Pace): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { source, target, stat, attributes } = next;
      try {
        await runPaced(this.#copier.copy(source, target, stat), pace);
        this.#layer.attributes.file(target, attributes);
      } catch (error) {
        throw extractionError(error, attributes.path, this.#layer.rootFd);
      } finally {
        libc.close(source);
        libc.close(target);
      }
    }
  }

  close(): void {
    for (const { source, target } of this.#waiting.splice(0)) {
      libc.close(source);
      libc.close(target);
    }
  }

  #file(found: ViewEntry, target: number, a: Attributes): void {
    let source = -1;
    try {
      source = openFile(found.dirfd, found.name);
      if (source < 0) throw callFailed(source, "openat", "apply", a.path.toString("latin1"));
      if (found.stat.size > SMALL_BYTES) {
        const stat = Object.assign(new Stat(), found.stat);
        this.#waiting.push({ source, target, stat, attributes: a });
        source = target = -1;
        return;
      }
      const copying = this.#copier.copy(source, target, found.stat);
      while (!copying.next().done);
      this.#layer.attributes.file(target, a);
    } finally {
      if (source >= 0) libc.close(source);
      if (target >= 0) libc.close(target);
    }
  }

  #attributesOf(found: ViewEntry, path: Buffer): Attributes {
    const { stat } = found;
    const shown = path.toString("latin1");
    return {
      path,
      mode: stat.permissions,
      uid: stat.uid,
      gid: stat.gid,
      mtimeSec: stat.mtimeSec,
      mtimeNsec: stat.mtimeNsec,
      xattrs: layerXattrs(xattrPath(found.dirfd, found.name), found.dialect, "apply", shown),
    };
  }
}

export function isDirectory(found: ViewEntry): boolean {
  return (found.stat.mode & S_IFMT) === S_IFDIR;
}
