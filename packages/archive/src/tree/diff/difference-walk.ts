import { S_IFDIR, S_IFMT, S_IFSOCK, Stat } from "@copyup/linux";
import type { Comparison } from "../contract.ts";
import { joinPath } from "../failure.ts";
import type { Pace, Paced } from "../pace.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { CopiedTree } from "../stamp/copied-tree.ts";
import { layerXattrs, openView, type ViewDirectory, ViewEntry } from "../view/index.ts";
import { Below } from "./below.ts";
import { Difference } from "./difference.ts";
import { inodeKey, LinkGroups } from "./link-groups.ts";
import { directoryNames, type Reading } from "./names.ts";
import { sameStat, sameXattrs } from "./same-attributes.ts";
import { sameFile } from "./same-file.ts";
import { scanLinks } from "./scan-links.ts";

export interface WalkOptions {
  readonly op: string;
  readonly pace: Pace;
  /** An archive cannot hold sockets: to it they are not there, in neither view. */
  readonly onSocket?: ((path: string) => void) | undefined;
}

/** A directory the walk is in. */
interface Frame {
  readonly parent: Frame | null;
  readonly above: ViewDirectory;
  readonly below: Below;
  readonly stat: Stat;
  /** It lies where the copy put it, so that old ctimes in it mean unchanged files. */
  readonly inPlace: boolean;
  readonly reading: Reading;
  /** It has been told, as a difference or as an ancestor. */
  told: boolean;
}

export type Steps = Generator<Difference | undefined, void, undefined>;

/**
 * Tells in canonical order (layers.md) how one view differs from another: depth first, names compared as bytes, a deletion
 * in the place of the name it hides. One walk for both kinds of driver: a full tree is an upper all of whose directories are
 * complete and that has no whiteouts. Streams: it holds the names of the directories it is in, and of hard links what
 * LinkGroups says. `undefined` among the steps: others may run now.
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

  constructor(comparison: Comparison, { op, pace, onSocket }: WalkOptions) {
    this.comparison = comparison;
    this.op = op;
    this.pace = pace;
    this.onSocket = onSocket;
    this.changesOnly = isOneLayer(comparison);
    const { copied, below } = comparison;
    this.copied = copied === undefined || below === null ? null : CopiedTree.of(copied);
    this.links = new LinkGroups(() => this.scan());
  }

  /** The file last told could not be read any more: its other names are no links to it. */
  vanished(entry: ViewEntry): void {
    this.links.forget(inodeKey(entry));
  }

  *steps(): Steps {
    const [above, below] = this.open();
    try {
      yield* this.root(above, below);
    } finally {
      below.close();
      above.close();
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

  private *scan(): Paced<Set<string>> {
    const [above, below] = this.open();
    try {
      return yield* scanLinks(above, below, this.changesOnly, this.pace);
    } finally {
      below.close();
      above.close();
    }
  }

  private *root(above: ViewDirectory, below: Below): Steps {
    const stat = above.stat();
    const inPlace = this.copied?.inPlace(stat, "") ?? false;
    const untouched = inPlace && this.copied!.untouched(stat);
    const reading = untouched ? "same-names" : this.readingOf(above, null);
    const parents = below.view?.stat(new Stat()) ?? null;
    if (parents === null) yield this.tell("add", stat, above);
    else if (!untouched && !this.sameDirectory(stat, parents, above, below)) yield this.tell("modify", stat, above);
    yield* this.directory({ parent: null, above, below, stat, inPlace, reading, told: true });
  }

  private *directory(frame: Frame): Steps {
    const { names, gone } = directoryNames(frame.above, frame.below, frame.reading);
    let next = 0;
    for (const name of names) {
      while (next < gone.length && gone[next]! < name) yield* this.deleted(frame, gone[next++]!);
      yield* this.named(frame, name);
      if (this.pace.due) yield;
    }
    while (next < gone.length) yield* this.deleted(frame, gone[next++]!);
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

  private *named(frame: Frame, name: string): Steps {
    const entry = frame.above.lookup(name, this.entry);
    // Gone since it was listed, by somebody at work in the layer.
    if (entry === null) yield* this.deleted(frame, name);
    else if ((entry.stat.mode & S_IFMT) === S_IFDIR) yield* this.childDirectory(frame, entry);
    else yield* this.file(frame, entry);
  }

  private *childDirectory(frame: Frame, entry: ViewEntry): Steps {
    const above = frame.above.child(entry.name);
    if (above === null) return yield* this.deleted(frame, entry.name);
    pathWithinLimits(above.path, this.op);
    // The frame keeps this one.
    this.entry = new ViewEntry();
    const inPlace = this.copied?.inPlace(entry.stat, above.path) ?? false;
    const untouched = inPlace && this.copied!.untouched(entry.stat);
    const was = untouched ? null : (frame.below.view?.lookup(entry.name, this.other) ?? null);
    const below = was === null && !untouched ? Below.NOTHING : frame.below.child(entry.name);
    const reading = untouched ? "same-names" : this.readingOf(above, frame);
    try {
      const child: Frame = { parent: frame, above, below, stat: entry.stat, inPlace, reading, told: false };
      if (!untouched && (was === null || !this.sameDirectory(entry.stat, was.stat, above, below))) {
        const kind = was === null || this.passedOver(was) ? "add" : "modify";
        yield* this.reach(frame);
        child.told = true;
        yield this.tell(kind, entry.stat, above);
      }
      yield* this.directory(child);
    } finally {
      below.close();
      above.close();
    }
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
    if (!(frame.inPlace && this.copied!.untouched(entry.stat))) {
      const was = frame.below.view?.lookup(entry.name, this.other);
      if (!was || this.passedOver(was)) return "add";
      if (!sameStat(entry.stat, was.stat)) return "modify";
      if (!(yield* sameFile(entry, was, path, this.pace, this.op))) return "modify";
    }
    return key !== null && (yield* this.links.joined(key)) ? "modify" : "same";
  }

  /** The directories above that have not been told yet. */
  private *reach(frame: Frame): Steps {
    if (frame.told) return;
    yield* this.reach(frame.parent!);
    frame.told = true;
    yield this.tell("ancestor", frame.stat, frame.above);
  }

  private tell(kind: Difference["kind"], stat: Stat, directory: ViewDirectory): Difference {
    const { difference } = this;
    difference.kind = kind;
    difference.path = directory.path;
    difference.type = "directory";
    difference.stat = stat;
    difference.dialect = directory.dialect;
    difference.entry = null;
    difference.fd = directory.levels[0]!.fd;
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
