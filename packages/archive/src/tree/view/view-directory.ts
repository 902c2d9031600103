import { fstat, Stat } from "@copyup/linux";
import type { ReadDialect } from "../contract.ts";
import { joinPath } from "../failure.ts";
import { followDirectory } from "./follow.ts";
import { ABSENT, HIDDEN, type Level } from "./level.ts";
import { isRedirected } from "./marks.ts";

/** A name of a view, and the real file behind it. May be filled again and again. */
export class ViewEntry {
  readonly stat = new Stat();
  /** latin1, one character a byte. */
  name = "";
  /** The real directory the entry lies in: open until the ViewDirectory it came from is closed. */
  dirfd = -1;
  /** Index of the part it comes from. */
  part = -1;
  dialect: ReadDialect = "tree";
  /** Where it was looked up; null before. */
  directory: ViewDirectory | null = null;
}

/**
 * A directory of a view, merged from the same directory of several parts. Names are latin1 strings, so that `<` compares
 * bytes; no path is ever resolved through a symlink. Close it: it holds a descriptor a part.
 */
export class ViewDirectory {
  /** latin1, relative to the view's root, which is empty. */
  readonly path: string;
  /** Nearest first, at least one; all but the last let something show through. */
  readonly levels: readonly Level[];

  /** Of the same view; itself if it is the root. */
  readonly root: ViewDirectory;
  private readonly redirected: boolean;

  constructor(path: string, levels: readonly Level[], root: ViewDirectory | null = null) {
    this.path = path;
    this.levels = levels;
    this.root = root ?? this;
    this.redirected = root?.redirected ?? levels.some((level) => isRedirected(level.dialect));
  }

  /** What the view shows, in byte order. */
  names(): string[] {
    const [top, ...lower] = this.levels as [Level, ...Level[]];
    const { names, hidden } = top.list();
    if (lower.length === 0) return names;
    const decided = new Set(names);
    for (const name of hidden) decided.add(name);
    for (const level of lower) {
      const below = level.list();
      for (const name of below.names) {
        if (decided.has(name)) continue;
        decided.add(name);
        names.push(name);
      }
      for (const name of below.hidden) decided.add(name);
    }
    return names.sort();
  }

  /** Null where the view has no such name. */
  lookup(name: string, into = new ViewEntry()): ViewEntry | null {
    for (const level of this.levels) {
      const presence = level.look(name, into.stat);
      if (presence === ABSENT) continue;
      if (presence === HIDDEN) return null;
      into.name = name;
      into.dirfd = level.fd;
      into.part = level.part;
      into.dialect = level.dialect;
      into.directory = this;
      return into;
    }
    return null;
  }

  /** A directory in this one; null where the view has no directory of that name. */
  child(name: string): ViewDirectory | null {
    const found: Level[] = [];
    try {
      if (this.redirected) followDirectory(this, name, found);
      else this.mergeChild(name, found);
    } catch (error) {
      for (const level of found) level.close();
      throw error;
    }
    return found.length === 0 ? null : new ViewDirectory(joinPath(this.path, name), found, this.root);
  }

  private mergeChild(name: string, found: Level[]): void {
    for (const level of this.levels) {
      const child = level.child(name);
      if (child === ABSENT) continue;
      if (child === HIDDEN) return;
      found.push(child);
      if (child.complete) return;
    }
  }

  /** Of the directory itself: the nearest part's. */
  stat(into = new Stat()): Stat {
    return fstat(this.levels[0]!.fd, into);
  }

  get dialect(): ReadDialect {
    return this.levels[0]!.dialect;
  }

  close(): void {
    for (const level of this.levels) level.close();
  }
}
