import type { ReadPart } from "../contract.ts";
import { openView } from "./open-view.ts";
import { type ViewDirectory, ViewEntry } from "./view-directory.ts";

/** Looks up whole paths in a view. Keeps the directories of the last path open, so paths in tree order cost one look each. */
export class ViewCursor {
  private readonly parts: readonly ReadPart[];
  private readonly op: string;
  /** Opened when it is first asked for: of 500 parts each costs three system calls, and many an archive never asks. */
  private root: ViewDirectory | null = null;
  private readonly names: string[] = [];
  private readonly open: ViewDirectory[] = [];

  constructor(parts: readonly ReadPart[], op = "view") {
    this.parts = parts;
    this.op = op;
  }

  /** The directory at a path (latin1, relative, `""` is the root); null where there is none. Stays the cursor's. */
  directory(path: string): ViewDirectory | null {
    const wanted = path === "" ? [] : path.split("/");
    if (wanted.some((name) => name === "" || name === "." || name === ".."))
      throw new RangeError(`no path of a view: ${path}`);
    let shared = 0;
    while (shared < wanted.length && shared < this.names.length && wanted[shared] === this.names[shared]) shared++;
    this.closeFrom(shared);
    let at = this.open.at(-1) ?? this.opened();
    for (const name of wanted.slice(shared)) {
      const child = at.child(name);
      if (child === null) return null;
      this.names.push(name);
      this.open.push(child);
      at = child;
    }
    return at;
  }

  /** What the view has at a path; null where it has nothing. Not for the root. Good until the next call. */
  lookup(path: string, into = new ViewEntry()): ViewEntry | null {
    const slash = path.lastIndexOf("/");
    return this.directory(slash < 0 ? "" : path.slice(0, slash))?.lookup(path.slice(slash + 1), into) ?? null;
  }

  close(): void {
    this.closeFrom(0);
    this.root?.close();
    this.root = null;
  }

  private opened(): ViewDirectory {
    this.root ??= openView(this.parts, this.op);
    return this.root;
  }

  private closeFrom(depth: number): void {
    for (const directory of this.open.splice(depth)) directory.close();
    this.names.length = depth;
  }
}
