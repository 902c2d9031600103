import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mount2, unmount } from "@copyup/linux";

/** `<home>/<id>/{diff,link,lower,work,merged}` and `l/`, as Docker's overlay2 and containers-storage write them. */
export class OverlayTree {
  readonly home: string;
  private readonly chains = new Map<string, readonly string[]>();

  constructor(home: string) {
    this.home = home;
    mkdirSync(path.join(home, "l"), { recursive: true });
  }

  at(id: string, ...names: string[]): string {
    return path.join(this.home, id, ...names);
  }

  link(id: string): string {
    return hash("sha256", id, "hex")
      .toUpperCase()
      .replace(/[^A-Z]/g, "")
      .padEnd(26, "Q")
      .slice(0, 26);
  }

  /** Its directories; `script` runs in diff/, where no overlay is. */
  layer(id: string, parent: string | null, script = ""): void {
    const chain = parent === null ? [] : [parent, ...this.chains.get(parent)!];
    this.chains.set(id, chain);
    mkdirSync(this.at(id, "diff"), { recursive: true });
    writeFileSync(this.at(id, "link"), this.link(id));
    symlinkSync(`../${id}/diff`, path.join(this.home, "l", this.link(id)));
    if (parent !== null) {
      writeFileSync(this.at(id, "lower"), chain.map((one) => `l/${this.link(one)}`).join(":"));
      for (const name of ["work", "merged"]) mkdirSync(this.at(id, name));
    }
    execFileSync("bash", ["-ec", script], { cwd: this.at(id, "diff"), stdio: ["ignore", "pipe", "pipe"] });
  }

  mount(id: string, options = "index=off,metacopy=off,redirect_dir=off,xino=off"): string {
    const lowers = this.chains
      .get(id)!
      .map((one) => this.at(one, "diff"))
      .join(":");
    const places = `lowerdir=${lowers},upperdir=${this.at(id, "diff")},workdir=${this.at(id, "work")}`;
    mount2("overlay", this.at(id, "merged"), "overlay", 0, `${options},${places}`);
    return this.at(id, "merged");
  }

  /** Runs a script in the layer's mount; `look` sees the mount afterwards. */
  edit<T>(id: string, script: string, options?: string, look: (merged: string) => T = () => undefined as T): T {
    const merged = this.mount(id, options);
    try {
      execFileSync("bash", ["-ec", script], { cwd: merged, stdio: ["ignore", "pipe", "pipe"] });
      return look(merged);
    } finally {
      unmount(merged);
    }
  }
}
