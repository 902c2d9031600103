import { AT_FDCWD, cstring, openUnnoticed } from "@copyup/linux";
import type { ReadPart } from "../contract.ts";
import { callFailed } from "../failure.ts";
import { DIRECTORY_FLAGS, Level } from "./level.ts";
import { ViewDirectory } from "./view-directory.ts";

/** The root of a view, read straight from its parts' directories. `op` is what errors say was being done. Close it. */
export function openView(parts: readonly ReadPart[], op = "view"): ViewDirectory {
  if (parts.length === 0) throw new RangeError("a view of no parts");
  const levels: Level[] = [];
  try {
    for (const [index, part] of parts.entries()) {
      const fd = openUnnoticed(AT_FDCWD, cstring(part.dir), DIRECTORY_FLAGS);
      if (fd < 0) throw callFailed(fd, "openat", op, Buffer.from(part.dir).toString("latin1"));
      levels.push(new Level(fd, index, part.dialect, op, "", true));
      if (part.dialect === "tree") break;
    }
    return new ViewDirectory("", levels);
  } catch (error) {
    for (const level of levels) level.close();
    throw error;
  }
}
