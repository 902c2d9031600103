import type { ViewDirectory } from "../view/index.ts";

/**
 * A directory of the parent's view at the place the walk is at, opened only when it is asked for: where nothing changed it
 * never is.
 */
export class Below {
  /** There is no such directory. */
  static readonly NOTHING = new Below(null, "", null);

  private readonly parent: Below | null;
  private readonly name: string;
  private found: ViewDirectory | null | undefined;

  private constructor(parent: Below | null, name: string, found: ViewDirectory | null | undefined) {
    this.parent = parent;
    this.name = name;
    this.found = found;
  }

  static root(view: ViewDirectory | null): Below {
    return view === null ? Below.NOTHING : new Below(null, "", view);
  }

  child(name: string): Below {
    return this === Below.NOTHING ? this : new Below(this, name, undefined);
  }

  /** Null where the parent's view has no directory here. */
  get view(): ViewDirectory | null {
    if (this.found === undefined) this.found = this.parent?.view?.child(this.name) ?? null;
    return this.found;
  }

  close(): void {
    this.found?.close();
    this.found = null;
  }
}
