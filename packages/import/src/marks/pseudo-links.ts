import { join } from "node:path";
import { listNames } from "../read/files.ts";

/**
 * aufs keeps hard links over branches in `.wh..wh.plnk/<inode>.<inode in the branch>`, and they must be made real before the
 * unmount. Where nobody did (Docker without `auplink`), the other names have shown the old content ever since: so they do here.
 */
export function lostPseudoLinks(dir: string): string | null {
  const left = listNames(join(dir, ".wh..wh.plnk")) ?? [];
  if (left.length === 0) return null;
  return `${left.length} hard link${left.length === 1 ? "" : "s"} of aufs (.wh..wh.plnk) not made real when it was unmounted: other names of these files show the content from below, as they do in aufs`;
}
