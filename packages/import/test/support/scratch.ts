import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { DriverModule } from "@copyup/core";
import { mountsBelow, setXattr, unmount } from "@copyup/linux";
import { driver as plainCopy } from "@copyup/plain-copy";
import { type LayerStore, openStore } from "@copyup/store";
import { onTestFinished } from "vitest";

/** In memory where that will do: tmpfs keeps user.* xattrs since 6.6. */
function room(): string {
  const memory = "/dev/shm";
  if (!existsSync(memory)) return tmpdir();
  const probe = mkdtempSync(path.join(memory, "copyup-import-"));
  try {
    setXattr(probe, "user.copyup", "x");
    return memory;
  } catch {
    return tmpdir();
  } finally {
    rmdirSync(probe);
  }
}

/** A fresh directory that goes with the test, with what it left mounted. */
export class Scratch {
  readonly dir: string;
  constructor() {
    this.dir = mkdtempSync(path.join(room(), "copyup-import-"));
    onTestFinished(async () => {
      for (const mount of mountsBelow(this.dir).toReversed()) unmount(mount.target, true);
      await removeTree(this.dir);
    });
  }

  at(...names: string[]): string {
    return path.join(this.dir, ...names);
  }

  sh(script: string, cwd = this.dir): string {
    return execFileSync("bash", ["-ec", script], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Closed when the test ends. */
  async store(driver: DriverModule = plainCopy, name = `store-${driver.name}`): Promise<LayerStore> {
    const store = await openStore({ root: this.at(name), driver, create: true });
    onTestFinished(async () => store[Symbol.asyncDispose]());
    return store;
  }
}

/** Is that program there? */
export function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
