import { S_IFDIR, S_IFMT } from "@copyup/linux";
import type { Comparison } from "../contract.ts";
import { joinPath } from "../failure.ts";
import type { Pace, Paced } from "../pace.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { ViewEntry } from "../view/index.ts";
import { Difference } from "./difference.ts";
import { Directories } from "./directories.ts";
import { closeViews, type Frame } from "./frame.ts";
import { LinkGroups } from "./link-groups.ts";
import { type DirectoryNames, directoryNames } from "./names.ts";
import { sameStat } from "./same-attributes.ts";
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
 * Tells in canonical order (docs/decisions/0003) how one view differs from another: depth first, names compared as bytes, a
 * directory's deletions before its other entries. One walk for both kinds of driver: a full tree is an upper all of whose directories are
 * complete and that has no whiteouts. Streams: it holds the names of the directories it is in, and of hard links what
 * LinkGroups says.
 */
export class DifferenceWalk {
  private readonly op: string;
  private readonly pace: Pace;
  private readonly onSocket: WalkOptions["onSocket"];
  private readonly directories: Directories;
  private readonly links: LinkGroups;
  private readonly difference = new Difference();
  private entry = new ViewEntry();
  /** What the parent's view has by the name judged last. */
  private was: ViewEntry | null = null;
  /** A directory to be walked before its parent goes on. */
  private entered: Frame | null = null;

  constructor(comparison: Comparison, { op, pace, onSocket }: WalkOptions) {
    this.op = op;
    this.pace = pace;
    this.onSocket = onSocket;
    const directories = new Directories(comparison, op, onSocket === undefined);
    const { changesOnly, copied } = directories;
    this.directories = directories;
    this.links = new LinkGroups({
      all: () => directories.withViews((above, below) => scanLinks(above, below, changesOnly, pace)),
      moved: () => directories.withViews((above, below) => scanMoved(above, below, copied!, pace)),
    });
  }

  /** The file last told could not be read any more: its other names are no links to it. */
  vanished(entry: ViewEntry): void {
    this.links.forget(entry);
  }

  *steps(): Steps {
    // A stack of generators, not generators in generators: what is told deep down need not pass through them all.
    const stack: { readonly frame: Frame; readonly steps: Steps }[] = [];
    try {
      this.entered = this.directories.root();
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
          closeViews(top.frame.above, top.frame.below);
        } else if (this.entered === null) yield step.value;
      }
    } finally {
      if (this.entered !== null) closeViews(this.entered.above, this.entered.below);
      for (const { frame, steps } of stack) {
        steps.return();
        closeViews(frame.above, frame.below);
      }
    }
  }

  private *directory(frame: Frame): Steps {
    if (frame.differs !== null) {
      if (frame.parent !== null) yield* this.reach(frame.parent);
      frame.told = true;
      yield this.tellDirectory(frame.differs, frame);
    }
    const { names, gone } = this.namesIn(frame);
    for (const name of gone) {
      yield* this.deleted(frame, name);
      if (this.pace.due) yield;
    }
    for (const name of names) {
      const entry = frame.above.lookup(name, this.entry);
      // Null: gone since it was listed, by somebody at work in the layer.
      if (entry === null) yield* this.deleted(frame, name);
      else if ((entry.stat.mode & S_IFMT) === S_IFDIR) {
        this.entry = new ViewEntry();
        this.entered = this.directories.child(frame, name, entry.stat);
        if (this.entered === null) yield* this.deleted(frame, name);
        else yield;
      } else if (this.directories.passesOver(entry.stat)) yield* this.socket(frame, entry);
      else {
        // A plain call for most files; a generator of its own for each costs as much as a system call.
        const linkTo = entry.stat.nlink > 1 ? this.links.firstName(entry) : null;
        let verdict = linkTo === null ? this.judge(frame, entry) : this.presence(frame, entry);
        if (verdict === "alike") verdict = yield* this.lookCloser(frame, entry);
        if (verdict !== "same") {
          if (!frame.told) yield* this.reach(frame);
          yield this.tellFile(verdict, frame, entry, linkTo);
        }
      }
      if (this.pace.due) yield;
    }
  }

  /** To an archive a socket is not there: what the parent has by its name is deleted, and told with the other deletions. */
  private namesIn(frame: Frame): DirectoryNames {
    const found = directoryNames(frame.above, frame.below, frame.reading);
    const suspects = this.onSocket ? frame.above.levels.flatMap((level) => level.sockets) : [];
    if (suspects.length === 0) return found;
    const hiding = new Set(suspects.filter((name) => this.isSocketInstead(frame, name)));
    if (hiding.size === 0) return found;
    for (const name of hiding) this.onSocket?.(joinPath(frame.above.path, name));
    return { names: found.names.filter((name) => !hiding.has(name)), gone: [...found.gone, ...hiding].sort() };
  }

  private isSocketInstead(frame: Frame, name: string): boolean {
    const entry = frame.above.lookup(name, this.entry);
    return entry !== null && this.directories.passesOver(entry.stat) && this.directories.parents(frame, name) !== null;
  }

  private *deleted(frame: Frame, name: string): Steps {
    const was = this.directories.parents(frame, name);
    if (was === null) return;
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

  private *socket(frame: Frame, entry: ViewEntry): Steps {
    const was = frame.below.view?.lookup(entry.name);
    if (!was || !this.directories.passesOver(was.stat)) this.onSocket?.(joinPath(frame.above.path, entry.name));
    yield* this.deleted(frame, entry.name);
  }

  private presence(frame: Frame, entry: ViewEntry): "add" | "modify" {
    return this.directories.parents(frame, entry.name) === null ? "add" : "modify";
  }

  private untouched(frame: Frame, { stat }: ViewEntry): boolean {
    if (!frame.inPlace) return false;
    const { copied } = this.directories;
    return copied!.untouched(stat) && (copied!.exchangeSetsCtime || frame.reading === "same-names");
  }

  /** What a look at both entries says. `alike`: their bytes, or the other names of the file, must be looked at. */
  private judge(frame: Frame, entry: ViewEntry): "add" | "modify" | "same" | "alike" {
    const untouched = this.untouched(frame, entry);
    if (untouched && entry.stat.nlink <= 1) return "same";
    this.was = this.directories.parents(frame, entry.name);
    if (this.was === null) return "add";
    return untouched || sameStat(entry.stat, this.was.stat) ? "alike" : "modify";
  }

  /** Of what `judge` has just called alike. */
  private *lookCloser(frame: Frame, entry: ViewEntry): Paced<"modify" | "same"> {
    const untouched = this.untouched(frame, entry);
    const was = this.was!;
    if (!untouched) {
      const path = joinPath(frame.above.path, entry.name);
      if (!(yield* sameFile(entry, was, path, this.pace, this.op))) return "modify";
    }
    if (entry.stat.nlink <= 1) return "same";
    const joined = untouched ? this.links.joinedByMoving(entry, was) : this.links.joined(entry);
    return (yield* joined) ? "modify" : "same";
  }

  private tellFile(kind: "add" | "modify", frame: Frame, entry: ViewEntry, linkTo: string | null): Difference {
    const path = joinPath(frame.above.path, entry.name);
    pathWithinLimits(path, this.op);
    if (entry.stat.nlink > 1 && linkTo === null) this.links.begin(entry, path);
    const { difference } = this;
    difference.kind = kind;
    difference.path = path;
    difference.type = entry.stat.type;
    difference.stat = entry.stat;
    difference.dialect = entry.dialect;
    difference.entry = entry;
    difference.fd = -1;
    difference.linkTo = linkTo;
    return difference;
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
}
