import type { Holder } from "@copyup/linux";

const SHOWN = 5;

/** `a, b, c and 4 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** `pid 71 (vim): fd 4 /mnt/notes`. */
export function listHolders(holders: readonly Holder[]): string {
  return listNames(holders.map(({ pid, command, how, path }) => `pid ${pid} (${command}): ${how} ${path}`));
}
