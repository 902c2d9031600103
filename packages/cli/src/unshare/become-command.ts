import { writeSync } from "node:fs";
import { execProgram, findProgram, isSystemError, releaseHolder } from "@copyup/linux";

const NOT_FOUND = 127;
const CANNOT_RUN = 126;

/** The second half of `copyup unshare`, in the namespace: becomes the command. Comes back only with the status of a failure, as sh(1) has them. */
export function becomeCommand([name = "", ...args]: readonly string[], inside: string): number {
  const { holder, lifeline, cwd } = JSON.parse(inside) as { holder: number; lifeline: number; cwd: string };
  releaseHolder({ holder, lifeline });
  try {
    // The same place as before, in the mounts of this namespace.
    process.chdir(cwd);
  } catch (error) {
    // Where a process of root's has become this user, say.
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return say(`you may not enter the current directory ${cwd} (${why}): go to another one first`, CANNOT_RUN);
  }
  const file = name.includes("/") ? name : findProgram(name);
  // From a checkout `copyup` is on nobody's PATH, and yet everybody means this one.
  const argv =
    file === null && name === "copyup"
      ? [process.execPath, ...process.execArgv, process.argv[1] ?? "", ...args]
      : [name, ...args];
  if (file === null && name !== "copyup") return say(`${name}: there is no such program on PATH`, NOT_FOUND);
  try {
    return execProgram(file ?? process.execPath, argv, process.env);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return say(error.message, error.code === "ENOENT" ? NOT_FOUND : CANNOT_RUN);
  }
}

function say(message: string, status: number): number {
  writeSync(2, `copyup: unshare: ${message}\n`);
  return status;
}
