import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What aufs itself puts into a branch at its first writable mount (measured: aufs 6.1, docs of the driver). */
const OWN = `
: > .wh..wh.aufs; chmod 0444 .wh..wh.aufs
mkdir -m 0700 .wh..wh.orph .wh..wh.plnk`;

/** `aufs/{layers,diff,mnt}` as Docker's driver (moby v20.10) and aufs write it. */
export class AufsTree {
  readonly home: string;
  private readonly ancestors = new Map<string, string[]>();

  constructor(root: string) {
    this.home = path.join(root, "aufs");
    for (const name of ["layers", "diff", "mnt"]) mkdirSync(path.join(this.home, name), { recursive: true });
  }

  diff(id: string): string {
    return path.join(this.home, "diff", id);
  }

  /**
   * `script` runs in the branch; `wh NAME` deletes a name of a lower branch as aufs does (a hard link of one empty file), `opq DIR`
   * makes a directory opaque. `mounted`: the branch was written through a mount, not extracted into.
   */
  layer(id: string, parent: string | null, script: string, mounted = true): void {
    const chain = parent === null ? [] : [parent, ...(this.ancestors.get(parent) ?? [])];
    this.ancestors.set(id, chain);
    writeFileSync(path.join(this.home, "layers", id), chain.map((one) => `${one}\n`).join(""));
    mkdirSync(this.diff(id));
    mkdirSync(path.join(this.home, "mnt", id));
    const whiteouts = mounted
      ? 'wh() { ln .wh..wh.aufs "$(dirname "$1")/.wh.$(basename "$1")"; }; opq() { ln .wh..wh.aufs "$1/.wh..wh..opq"; }'
      : 'wh() { : > "$(dirname "$1")/.wh.$(basename "$1")"; }; opq() { : > "$1/.wh..wh..opq"; }';
    const all = `${whiteouts}\n${mounted ? OWN : ""}\n${script}\nfind . -exec touch -h -d "2020-01-01T00:00:00.123456789Z" {} +`;
    execFileSync("bash", ["-ec", all], { cwd: this.diff(id), stdio: ["ignore", "pipe", "pipe"] });
  }
}
