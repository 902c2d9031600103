import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The commit of copyup's own checkout that this runs from, `-dirty` where files differ from it; null outside of one. */
export function copyupCommit(): string | null {
  try {
    const root = git("rev-parse", "--show-toplevel");
    // Somebody else's repository that copyup is installed in is not what the report means.
    const { name } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { name?: string };
    if (name !== "copyup-workspace") return null;
    const dirty = git("status", "--porcelain", "--untracked-files=no") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${dirty ? "-dirty" : ""}`;
  } catch {
    // No git, or no repository.
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync("git", ["-C", import.meta.dirname, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
