import { readlinkAt } from "@copyup/linux";
import type { ViewParts } from "../contract.ts";
import { joinPath } from "../failure.ts";
import { ViewCursor, type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { DirectoryTable } from "./directory-table.ts";

/** The view below the layer, looked at where the layer's directories are. Of a base, nothing. */
export class Below {
  readonly #table: DirectoryTable;
  readonly #cursor: ViewCursor | null;
  readonly #entry = new ViewEntry();

  constructor(parts: ViewParts | null, table: DirectoryTable) {
    this.#table = table;
    this.#cursor = parts === null ? null : new ViewCursor(parts, "apply");
  }

  /** Null where it has no directory at that path. Good until the next call. */
  directory(id: number): ViewDirectory | null {
    return this.#cursor?.directory(this.#table.path(id).toString("latin1")) ?? null;
  }

  /** What it has under a name in that directory. Good until the next call. */
  lookup(id: number, name: string): ViewEntry | null {
    return this.directory(id)?.lookup(name, this.#entry) ?? null;
  }

  /** Whether it has the path `rest` of directories in that directory, and `name` (if any) in the last. */
  has(id: number, rest: string, name: string): boolean {
    const path = joinPath(this.#table.path(id).toString("latin1"), rest);
    const directory = this.#cursor?.directory(path) ?? null;
    return directory !== null && (name === "" || directory.lookup(name, this.#entry) !== null);
  }

  close(): void {
    this.#cursor?.close();
  }
}

/** The text of a symlink that a view has. */
export function linkText(entry: ViewEntry): Buffer {
  return readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
}
