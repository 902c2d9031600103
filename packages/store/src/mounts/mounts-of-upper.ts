import type { Layer } from "@copyup/core";
import {
  aufsBranchesOf,
  commandOf,
  type Holder,
  type MountInfo,
  readMountInfo,
  unescapeMountField,
} from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { bindRootOf, isBindOf } from "./bind-root.ts";
import { findElsewhere } from "./namespaces.ts";

/**
 * Mounts of a layer's directory that somebody else made, in any namespace that can be seen: binds of it, and overlays that
 * name it. For naming them only: an overlay may name its directories by descriptor or relative to somewhere.
 */
export function mountsOfUpper(context: StoreContext, layer: Layer): Holder[] {
  const { dir } = context.driver.access(layer);
  const bind = bindRootOf(dir);
  const uses = (mount: MountInfo) => (bind !== null && isBindOf(mount, bind)) || names(mount, dir);
  const here: Holder[] = [];
  for (const mount of readMountInfo()) {
    if (uses(mount))
      here.push({ pid: process.pid, command: commandOf(process.pid), how: "mounted at", path: mount.target });
  }
  const elsewhere = findElsewhere(layer.id, (mount) => mount.type !== "aufs" && uses(mount));
  // mountinfo shows no branch of an aufs, so there is no id to look for.
  if (layer.dialect === "aufs")
    elsewhere.push(...findElsewhere(" - aufs ", (mount) => mount.type === "aufs" && uses(mount)));
  return [...here, ...elsewhere];
}

/** mountinfo escapes an option's text once more; `\:` `\,` and `\\` in it are overlay's own. */
function names(mount: MountInfo, dir: string): boolean {
  if (mount.type === "aufs") return aufsBranchesOf(mount)?.some((branch) => branch.startsWith(`${dir}=`)) ?? false;
  if (mount.type !== "overlay") return false;
  const plain = unescapeMountField(mount.superOptions).replace(/\\(.)/g, "$1");
  for (let at = plain.indexOf(dir); at >= 0; at = plain.indexOf(dir, at + 1)) {
    const [before, after] = [plain[at - 1], plain[at + dir.length]];
    if ((before === "=" || before === ":") && (after === undefined || [",", ":", "="].includes(after))) return true;
  }
  return false;
}
