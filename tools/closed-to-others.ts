import { statSync } from "node:fs";
import path from "node:path";

/**
 * Why tests that run a program of this checkout as another user cannot: the checkout lies in a directory closed to others
 * (root's home, `mktemp -d`). Null where they can.
 */
export function closedToOthers(): string | null {
  for (let directory = import.meta.dirname; ; directory = path.dirname(directory)) {
    if ((statSync(directory).mode & 0o005) !== 0o005 && process.geteuid?.() === 0)
      return `${directory} is closed to other users, so they cannot run what lies in it`;
    if (directory === "/") return null;
  }
}
