import type { Hidden } from "../copy/fill-tree.ts";
import { DIRECTORY, type DirectoryTable, OPAQUE, ROOT, WHITEOUT } from "./directory-table.ts";

const SLASH = 0x2f;

/** What the archive deletes, asked for by path in the order of a walk: the last directory is remembered. */
export class HiddenPaths implements Hidden {
  readonly #table: DirectoryTable;
  #lastPath = "";
  #lastId = ROOT;

  constructor(table: DirectoryTable) {
    this.#table = table;
  }

  hides(path: string): boolean {
    const slash = path.lastIndexOf("/");
    const directory = this.#directory(slash < 0 ? "" : path.slice(0, slash));
    if (directory < 0) return false;
    const name = Buffer.from(path.slice(slash + 1), "latin1");
    const known = this.#table.find(directory, name, 0, name.length);
    return known >= 0 && this.#table.has(known, WHITEOUT);
  }

  opaque(path: string): boolean {
    const directory = this.#directory(path);
    return directory >= 0 && this.#table.has(directory, OPAQUE | WHITEOUT);
  }

  /** -1 where the archive made none. */
  #directory(path: string): number {
    if (path === this.#lastPath) return this.#lastId;
    const bytes = Buffer.from(path, "latin1");
    let id = ROOT;
    for (let at = 0; at < bytes.length && id >= 0; ) {
      const slash = bytes.indexOf(SLASH, at);
      const end = slash < 0 ? bytes.length : slash;
      id = this.#table.find(id, bytes, at, end);
      at = end + 1;
    }
    if (id >= 0 && !this.#table.has(id, DIRECTORY)) id = -1;
    this.#lastPath = path;
    this.#lastId = id;
    return id;
  }
}
