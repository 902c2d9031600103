import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Layer } from "@copyup/core";
import { closeFd, detachedOverlay, EBUSY, isSystemError, listXattrs, removeXattr } from "@copyup/linux";
import { type OverlayDialect, privatePrefix } from "./dialect.ts";
import { diffOf } from "./layout.ts";

/**
 * Does a superblock that nobody sees still have this upper? The kernel marks an upper in use in memory as long as its
 * superblock lives, and with index=on refuses a second one with EBUSY, whatever the first one's options (ovl_get_upper, 4.13
 * and later; seen on 6.18 with the first mounted index=off). So another overlay of the same upper is tried, detached, with a
 * workdir of its own. Any other failure is no answer: null.
 */
export function upperInUse(layer: Layer, scratch: string): boolean | null {
  mkdirSync(scratch, { recursive: true });
  const trial = mkdtempSync(join(scratch, "in-use-"));
  const upper = diffOf(layer);
  const before = new Set(listXattrs(upper));
  try {
    const [lower, work] = [join(trial, "lower"), join(trial, "work")];
    mkdirSync(lower);
    mkdirSync(work);
    const options = ["index=on", "metacopy=off", "redirect_dir=nofollow"];
    if (layer.dialect === "overlay-user") options.unshift("userxattr");
    closeFd(detachedOverlay({ type: "overlay", lowers: [lower], upper, work, options }));
    return false;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.errno === EBUSY ? true : null;
  } finally {
    leaveAsFound(upper, before, privatePrefix(layer.dialect as OverlayDialect));
    rmSync(trial, { recursive: true });
  }
}

/** A trial that succeeds leaves `origin` and `uuid` on the upper; `origin` would make the next index=on trial ESTALE. */
function leaveAsFound(upper: string, before: ReadonlySet<string>, own: string): void {
  for (const name of listXattrs(upper)) {
    if (name.startsWith(own) && !before.has(name)) removeXattr(upper, name);
  }
}
