import { S_IFMT, S_IFSOCK, Stat } from "@copyup/linux";
import type { Comparison } from "../contract.ts";
import type { Paced } from "../pace.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { CopiedTree } from "../stamp/copied-tree.ts";
import { isRedirected, layerXattrs, openView, type ViewDirectory, ViewEntry } from "../view/index.ts";
import { Below } from "./below.ts";
import { closeViews, type Frame } from "./frame.ts";
import type { Reading } from "./names.ts";
import { sameStat, sameXattrs } from "./same-attributes.ts";

/** Opens the directories of a comparison, and says of each how it differs and how much of it must be read. */
export class Directories {
  /** Only the nearest part is read: it holds the changes, and the parts after it are the parent's view. */
  readonly changesOnly: boolean;
  /** Null where no stamp says what is unchanged. */
  readonly copied: CopiedTree | null;
  private readonly comparison: Comparison;
  private readonly op: string;
  private readonly sockets: boolean;
  private readonly other = new ViewEntry();

  /** Without `sockets` there are none, in neither view. */
  constructor(comparison: Comparison, op: string, sockets: boolean) {
    this.comparison = comparison;
    this.op = op;
    this.sockets = sockets;
    this.changesOnly = isOneLayer(comparison);
    const { copied, below } = comparison;
    this.copied = copied === undefined || below === null ? null : CopiedTree.of(copied);
  }

  root(): Frame {
    const [above, below] = this.open();
    try {
      const stat = above.stat();
      const parents = below.view?.stat(new Stat()) ?? null;
      const { inPlace, untouched } = this.ageOf(stat, "");
      const reading = untouched ? "same-names" : this.readingOf(above, null);
      const same = untouched || (parents !== null && this.same(stat, parents, above, below));
      const differs = parents === null ? "add" : same ? null : "modify";
      // It is no ancestor of what is in it: told only if it differs itself.
      return { parent: null, above, below, stat, inPlace, reading, differs, told: true };
    } catch (error) {
      closeViews(above, below);
      throw error;
    }
  }

  /** `stat` is kept. Null: it is no directory any more. */
  child(parent: Frame, name: string, stat: Stat): Frame | null {
    const above = parent.above.child(name);
    if (above === null) return null;
    let below = Below.NOTHING;
    try {
      pathWithinLimits(above.path, this.op);
      const { inPlace, untouched } = this.ageOf(stat, above.path);
      const was = untouched ? null : this.parents(parent, name);
      if (untouched || was !== null) below = parent.below.child(name);
      const reading = untouched ? "same-names" : this.readingOf(above, parent);
      const same = untouched || (was !== null && this.same(stat, was.stat, above, below));
      const differs = same ? null : was === null ? "add" : "modify";
      return { parent, above, below, stat, inPlace, reading, differs, told: false };
    } catch (error) {
      closeViews(above, below);
      throw error;
    }
  }

  /** What the parent's view has by a name; good until the next call. */
  parents({ below }: Frame, name: string): ViewEntry | null {
    const found = below.view?.lookup(name, this.other) ?? null;
    return found === null || this.passesOver(found.stat) ? null : found;
  }

  passesOver(stat: Stat): boolean {
    return !this.sockets && (stat.mode & S_IFMT) === S_IFSOCK;
  }

  /** For another walk beside this one. */
  *withViews<T>(use: (above: ViewDirectory, below: Below) => Paced<T>): Paced<T> {
    const [above, below] = this.open();
    try {
      return yield* use(above, below);
    } finally {
      closeViews(above, below);
    }
  }

  private open(): [ViewDirectory, Below] {
    const { above, below } = this.comparison;
    const view = openView(this.changesOnly ? above.slice(0, 1) : above, this.op);
    try {
      return [view, Below.root(below === null ? null : openView(below, this.op))];
    } catch (error) {
      view.close();
      throw error;
    }
  }

  private ageOf(stat: Stat, path: string): { inPlace: boolean; untouched: boolean } {
    const inPlace = this.copied?.inPlace(stat, path) ?? false;
    return { inPlace, untouched: inPlace && this.copied!.untouched(stat) };
  }

  private same(stat: Stat, parents: Stat, above: ViewDirectory, below: Below): boolean {
    if (!sameStat(stat, parents) || below.view === null) return false;
    const xattrs = (of: ViewDirectory) => layerXattrs(of.levels[0]!.fd, of.dialect, this.op, of.path);
    return sameXattrs(xattrs(above), xattrs(below.view));
  }

  private readingOf(above: ViewDirectory, parent: Frame | null): Reading {
    // What lies in an opaque directory carries no mark of its own.
    return !this.changesOnly || parent?.reading === "whole" || above.levels[0]!.complete ? "whole" : "changes";
  }
}

/** Is the nearest part a layer of changes on just the view it is compared with? */
function isOneLayer({ above, below }: Comparison): boolean {
  const [own, ...rest] = above;
  // A redirected layer shows what lies elsewhere too: its own part does not list all that differs.
  if (own === undefined || own.dialect === "tree" || isRedirected(own.dialect)) return false;
  const parents = below ?? [];
  return (
    rest.length === parents.length &&
    rest.every((part, i) => part.dir === parents[i]!.dir && part.dialect === parents[i]!.dialect)
  );
}
