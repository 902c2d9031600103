import { S_IFDIR, S_IFMT, S_IFSOCK, Stat } from "@copyup/linux";
import type { Comparison } from "../contract.ts";
import { joinPath } from "../failure.ts";
import type { Pace, Paced } from "../pace.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { CopiedTree } from "../stamp/copied-tree.ts";
import { layerXattrs, openView, type ViewDirectory, ViewEntry } from "../view/index.ts";
import { Below } from "./below.ts";
import { Difference } from "./difference.ts";
import { closeFrame, type Frame } from "./frame.ts";
import { inodeKey, LinkGroups } from "./link-groups.ts";
import { directoryNames, type Reading } from "./names.ts";
import { sameStat, sameXattrs } from "./same-attributes.ts";
import { sameFile } from "./same-file.ts";
import { scanLinks } from "./scan-links.ts";
import { scanMoved } from "./scan-moved.ts";

export interface WalkOptions {
  readonly op: string;
  readonly pace: Pace;
  /** An archive cannot hold sockets: to it they are not there, in neither view. */
  readonly onSocket?: ((path: string) => void) | undefined;
}

/** `undefined` among the steps: others may run now. */
export type Steps = Generator<Difference | undefined, void, undefined>;

/**
 * Tells in canonical order (layers.md) how one view differs from another: depth first, names compared as bytes, a deletion
 * in the place of the name it hides. One walk for both kinds of driver: a full tree is an upper all of whose directories are
 * complete and that has no whiteouts. Streams: it holds the names of the directories it is in, and of hard links what
 * LinkGroups says.
 */
export class DifferenceWalk {
  private readonly comparison: Comparison;
  private readonly op: string;
  private readonly pace: Pace;
  private readonly onSocket: WalkOptions["onSocket"];
  /** Only the nearest part is read: it holds the changes, and the parts after it are the parent's view. */
  private readonly changesOnly: boolean;
  private readonly copied: CopiedTree | null;
  private readonly links: LinkGroups;
  private readonly difference = new Difference();
  private entry = new ViewEntry();
  private readonly other = new ViewEntry();
  /** A directory to be walked before its parent goes on. */
  private entered: Frame | null = null;

  constructor(comparison: Comparison, { op, pace, onSocket }: WalkOptions) {
    this.comparison = comparison;
    this.op = op;
    this.pace = pace;
    this.onSocket = onSocket;
    this.changesOnly = isOneLayer(comparison);
    const { copied, below } = comparison;
    this.copied = copied === undefined || below === null ? null : CopiedTree.of(copied);
    this.links = new LinkGroups({
      all: () => this.withViews((above, parents) => scanLinks(above, parents, this.changesOnly, this.pace)),
      moved: () => this.withViews((above, parents) => scanMoved(above, parents, this.copied!, this.pace)),
    });
  }

  /** The file last told could not be read any more: its other names are no links to it. */
  vanished(entry: ViewEntry): void {
    this.links.forget(inodeKey(entry));
  }

  *steps(): Steps {
    // A stack of generators, not generators in generators: what is told deep down need not pass through them all.
    const stack: { readonly frame: Frame; readonly steps: Steps }[] = [];
    try {
      this.entered = this.root();
      for (;;) {
        if (this.entered !== null) {
          stack.push({ frame: this.entered, steps: this.directory(this.entered) });
          this.entered = null;
        }
        const top = stack.at(-1);
        if (top === undefined) return;
        const step = top.steps.next();
        if (step.done) {
          stack.pop();
          closeFrame(top.frame);
        } else if (this.entered === null) yield step.value;
      }
    } finally {
      if (this.entered !== null) closeFrame(this.entered);
      for (const { frame, steps } of stack) {
        steps.return();
        closeFrame(frame);
      }
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

  private *withViews<T>(use: (above: ViewDirectory, below: Below) => Paced<T>): Paced<T> {
    const [above, below] = this.open();
    try {
      return yield* use(above, below);
    } finally {
      below.close();
      above.close();
    }
  }

  private root(): Frame {
    const [above, below] = this.open();
    try {
      const stat = above.stat();
      const parents = below.view?.stat(new Stat()) ?? null;
      const inPlace = this.copied?.inPlace(stat, "") ?? false;
      const untouched = inPlace && this.copied!.untouched(stat);
      const reading = untouched ? "same-names" : this.readingOf(above, null);
      const same = untouched || (parents !== null && this.sameDirectory(stat, parents, above, below));
      const differs = parents === null ? "add" : same ? null : "modify";
      // It is no ancestor of what is in it: told only if it differs itself.
      return { parent: null, above, below, stat, inPlace, reading, differs, told: true };
    } catch (error) {
      below.close();
      above.close();
      throw error;
    }
  }

  private *directory(frame: Frame): Steps {
    if (frame.differs !== null) {
      if (frame.parent !== null) yield* this.reach(frame.parent);
      frame.told = true;
      yield this.tellDirectory(frame.differs, frame);
    }
    const { names, gone } = directoryNames(frame.above, frame.below, frame.reading);
    let next = 0;
    for (const name of names) {
      while (next < gone.length && gone[next]! < name) yield* this.deleted(frame, gone[next++]!);
      const entry = frame.above.lookup(name, this.entry);
      if (entry === null) {
        // Gone since it was listed, by somebody at work in the layer.
        yield* this.deleted(frame, name);
      } else if ((entry.stat.mode & S_IFMT) !== S_IFDIR) {
        yield* this.file(frame, entry);
      } else {
        this.entered = this.child(frame, entry);
        if (this.entered === null) yield* this.deleted(frame, name);
        else yield;
      }
      if (this.pace.due) yield;
    }
    while (next < gone.length) yield* this.deleted(frame, gone[next++]!);
  }

  /** Null: it is no directory any more. */
  private child(frame: Frame, entry: ViewEntry): Frame | null {
    const above = frame.above.child(entry.name);
    if (above === null) return null;
    // The frame keeps this one.
    this.entry = new ViewEntry();
    let below = Below.NOTHING;
    try {
      pathWithinLimits(above.path, this.op);
      const { stat } = entry;
      const inPlace = this.copied?.inPlace(stat, above.path) ?? false;
      const untouched = inPlace && this.copied!.untouched(stat);
      const was = untouched ? null : (frame.below.view?.lookup(entry.name, this.other) ?? null);
      if (untouched || was !== null) below = frame.below.child(entry.name);
      const reading = untouched ? "same-names" : this.readingOf(above, frame);
      const same = untouched || (was !== null && this.sameDirectory(stat, was.stat, above, below));
      const differs = same ? null : was === null || this.passedOver(was) ? "add" : "modify";
      return { parent: frame, above, below, stat, inPlace, reading, differs, told: false };
    } catch (error) {
      below.close();
      above.close();
      throw error;
    }
  }

  private *deleted(frame: Frame, name: string): Steps {
    const was = frame.below.view?.lookup(name, this.other);
    if (!was || this.passedOver(was)) return;
    const { type } = was.stat;
    yield* this.reach(frame);
    const { difference } = this;
    difference.kind = "delete";
    difference.path = joinPath(frame.above.path, name);
    difference.type = type;
    difference.entry = null;
    difference.fd = -1;
    difference.linkTo = null;
    yield difference;
  }

  private *file(frame: Frame, entry: ViewEntry): Steps {
    const path = joinPath(frame.above.path, entry.name);
    pathWithinLimits(path, this.op);
    if (this.onSocket !== undefined && (entry.stat.mode & S_IFMT) === S_IFSOCK) {
      const was = frame.below.view?.lookup(entry.name, this.other);
      if (!was || !this.passedOver(was)) this.onSocket(path);
      return yield* this.deleted(frame, entry.name);
    }
    const key = entry.stat.nlink > 1 ? inodeKey(entry) : null;
    const linkTo = key === null ? null : this.links.firstName(key);
    const verdict = linkTo !== null ? this.presence(frame, entry) : yield* this.judge(frame, entry, path, key);
    if (verdict === "same") return;
    if (key !== null && linkTo === null) this.links.begin(key, path, entry.stat.nlink);
    yield* this.reach(frame);
    const { difference } = this;
    difference.kind = verdict;
    difference.path = path;
    difference.type = entry.stat.type;
    difference.stat = entry.stat;
    difference.dialect = entry.dialect;
    difference.entry = entry;
    difference.fd = -1;
    difference.linkTo = linkTo;
    yield difference;
  }

  private presence(frame: Frame, entry: ViewEntry): "add" | "modify" {
    const was = frame.below.view?.lookup(entry.name, this.other);
    return !was || this.passedOver(was) ? "add" : "modify";
  }

  private *judge(frame: Frame, entry: ViewEntry, path: string, key: string | null): Paced<"add" | "modify" | "same"> {
    const untouched = frame.inPlace && this.copied!.untouched(entry.stat);
    if (untouched && key === null) return "same";
    const was = frame.below.view?.lookup(entry.name, this.other);
    if (!was || this.passedOver(was)) return "add";
    if (!untouched) {
      if (!sameStat(entry.stat, was.stat)) return "modify";
      if (!(yield* sameFile(entry, was, path, this.pace, this.op))) return "modify";
    }
    if (key === null) return "same";
    const joined = untouched ? this.links.joinedByMoving(key, inodeKey(was)) : this.links.joined(key);
    return (yield* joined) ? "modify" : "same";
  }

  /** The directories down to this one that have not been told yet. */
  private *reach(frame: Frame): Steps {
    if (frame.told) return;
    yield* this.reach(frame.parent!);
    frame.told = true;
    yield this.tellDirectory("ancestor", frame);
  }

  private tellDirectory(kind: Difference["kind"], { above, stat }: Frame): Difference {
    const { difference } = this;
    difference.kind = kind;
    difference.path = above.path;
    difference.type = "directory";
    difference.stat = stat;
    difference.dialect = above.dialect;
    difference.entry = null;
    difference.fd = above.levels[0]!.fd;
    difference.linkTo = null;
    return difference;
  }

  private sameDirectory(stat: Stat, parents: Stat, above: ViewDirectory, below: Below): boolean {
    if (!sameStat(stat, parents)) return false;
    const view = below.view;
    if (view === null) return false;
    const xattrs = (of: ViewDirectory) => layerXattrs(of.levels[0]!.fd, of.dialect, this.op, of.path);
    return sameXattrs(xattrs(above), xattrs(view));
  }

  /** In the parent's view, as an archive sees it, there is nothing. */
  private passedOver(was: ViewEntry): boolean {
    return this.onSocket !== undefined && (was.stat.mode & S_IFMT) === S_IFSOCK;
  }

  private readingOf(above: ViewDirectory, parent: Frame | null): Reading {
    // What lies in an opaque directory carries no mark of its own.
    return !this.changesOnly || parent?.reading === "whole" || above.levels[0]!.complete ? "whole" : "changes";
  }
}

/** Is the nearest part a layer of changes on just the view it is compared with? */
function isOneLayer({ above, below }: Comparison): boolean {
  const [own, ...rest] = above;
  if (own === undefined || own.dialect === "tree") return false;
  const parents = below ?? [];
  return (
    rest.length === parents.length &&
    rest.every((part, i) => part.dir === parents[i]!.dir && part.dialect === parents[i]!.dialect)
  );
}
