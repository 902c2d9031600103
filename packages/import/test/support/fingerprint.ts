import { execFileSync } from "node:child_process";

/**
 * Everything about a directory: each inode's number, links, type, mode, owner, size, times to the nanosecond (with the access
 * time of all but symlinks: reading a link's text moves it where relatime lets it), link text, xattrs, content. Taken so
 * that looking does not change it.
 */
export function fingerprint(dir: string): string {
  const script = `
find . -printf '%i %n %y %m %U:%G %s %T@ %C@ %l %P\\n' | LC_ALL=C sort -k 10
find . ! -type l -printf '%A@ %P\\n' | LC_ALL=C sort -k 2`;
  return execFileSync("bash", ["-ec", script], { cwd: dir, encoding: "utf8", maxBuffer: 2 ** 28 });
}

/** The same with content and xattrs, which cannot be looked at without moving access times. */
export function contents(dir: string): string {
  const script = `
find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
find . -print0 | LC_ALL=C sort -z | xargs -0 -r getfattr -h -d -m - -e hex -- 2>/dev/null`;
  return execFileSync("bash", ["-ec", script], { cwd: dir, encoding: "utf8", maxBuffer: 2 ** 28 });
}

/** Access times long ago, so that relatime would move them at the next look. */
export function age(dir: string): void {
  execFileSync("bash", ["-ec", 'find . -exec touch -h -a -d "2001-01-01" {} +'], { cwd: dir });
}
