import { execFileSync } from "node:child_process";
import { accessSync, constants, cpSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import path from "node:path";

const DIRECTORIES = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Where a program of the host lies; null where it is not installed. */
export function findProgram(name: string): string | null {
  for (const directory of DIRECTORIES) {
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next directory.
    }
  }
  return null;
}

/** The libraries a program loads, and its loader. Empty for a script or a static program. */
export function libraries(file: string): string[] {
  let text: string;
  try {
    text = execFileSync("ldd", [file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return [];
  }
  return [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, library = ""]) => library);
}

/** Copies a file of the host to the same path below `root`, each symlink on the way as itself. */
export function copyWithLinks(file: string, root: string): void {
  let current = "/";
  for (const [i, part] of path.normalize(file).split("/").filter(Boolean).entries()) {
    const next = path.join(current, part);
    const stat = lstatSync(next);
    const copy = path.join(root, next);
    if (stat.isSymbolicLink()) {
      const target = readlinkSync(next);
      if (!exists(copy)) symlinkSync(target, copy);
      const rest = path
        .normalize(file)
        .split("/")
        .filter(Boolean)
        .slice(i + 1);
      copyWithLinks(path.resolve(current, target, ...rest), root);
      return;
    }
    if (stat.isDirectory()) mkdirSync(copy, { recursive: true });
    else if (!exists(copy)) cpSync(next, copy, { preserveTimestamps: true });
    current = next;
  }
}

function exists(file: string): boolean {
  return existsSync(file) || lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
