import { lstatSync, readdirSync, type Stats } from "node:fs";
import { setTimes } from "../../src/tree/plant.ts";

/** Every name below a directory that is UTF-8, and the directory itself, deepest first. */
export function forEachBelow(directory: string, visit: (path: string, stat: Stats) => void): void {
  for (const name of readdirSync(directory)) {
    if (name.includes("\ufffd")) continue;
    const path = `${directory}/${name}`;
    const stat = lstatSync(path);
    if (stat.isDirectory()) forEachBelow(path, visit);
    else visit(path, stat);
  }
  visit(directory, lstatSync(directory));
}

/** Puts a name's times back as they were before `act`. */
export function keepingTimes(path: string, act: () => void): void {
  const { atimeNs, mtimeNs } = lstatSync(path, { bigint: true });
  act();
  setTimes(path, atimeNs, mtimeNs);
}
