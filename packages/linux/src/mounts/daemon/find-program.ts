import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Where programs are looked for besides PATH: an ordinary user's may lack some of these, a service's all of them. */
const USUAL = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** The absolute path of a program; null where there is none. A name with a slash is taken as it is. */
export function findProgram(name: string): string | null {
  if (name.includes("/")) return isProgram(name) ? name : null;
  const directories = [
    ...(process.env.PATH ?? "").split(":").filter((directory) => directory.startsWith("/")),
    ...USUAL,
  ];
  return directories.map((directory) => join(directory, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
