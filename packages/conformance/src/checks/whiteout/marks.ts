import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Dialect } from "@copyup/core";
import { AT_FDCWD, getXattr, mknodAt, S_IFCHR } from "@copyup/linux";
import type { Scenario } from "../../trial/scenario.ts";
import type { Trial } from "../../trial/trial.ts";

/**
 * What a layer itself holds in one directory: `+name` its own entry, `-name` a whiteout, by the marks of its dialect
 * (overlayfs.rst; aufs(5)). aufs' own bookkeeping (`.wh..wh.*`) is left out.
 */
export function ownNames(directory: string, dialect: Dialect): string[] {
  const names: string[] = [];
  for (const name of readdirSync(directory)) {
    if (dialect === "aufs") {
      if (name.startsWith(".wh..wh.")) continue;
      names.push(name.startsWith(".wh.") ? `-${name.slice(4)}` : `+${name}`);
    } else {
      const stat = lstatSync(path.join(directory, name));
      names.push(stat.isCharacterDevice() && stat.rdev === 0 ? `-${name}` : `+${name}`);
    }
  }
  return names.sort();
}

export function isOpaque(directory: string, dialect: Dialect): boolean {
  const marker = readdirSync(directory).includes(".wh..wh..opq");
  // fuse-overlayfs writes the xattr as well where it may.
  if (dialect === "aufs" || dialect === "fuse-overlayfs") return marker;
  const space = dialect === "overlay-user" ? "user" : "trusted";
  return getXattr(directory, `${space}.overlay.opaque`)?.toString() === "y";
}

/** By hand, as another tool might have left it in a layer. A whole tree has no mark for it: nothing is done. */
export function writeWhiteout(directory: string, name: string, dialect: Dialect): void {
  if (dialect === "tree") return;
  if (dialect === "aufs") writeFileSync(path.join(directory, `.wh.${name}`), "", { mode: 0o444 });
  else mknodAt(AT_FDCWD, path.join(directory, name), S_IFCHR, 0, 0);
}

/** What the layer itself holds in a directory, as expectOwnNames compares it; nothing for a whole tree. */
export async function ownNamesIn(trial: Trial, scenario: Scenario, directory: string): Promise<string[]> {
  const dialect = await dialectOf(trial, scenario);
  return dialect === "tree" ? [] : ownNames(path.join(scenario.layerDirectory(), directory), dialect);
}

/**
 * The active layer must hold exactly these names of its own in a directory (see `ownNames`). Says nothing of a driver that
 * keeps whole trees: there the view is all there is.
 */
export async function expectOwnNames(
  trial: Trial,
  scenario: Scenario,
  directory: string,
  expected: readonly string[],
): Promise<void> {
  const dialect = await dialectOf(trial, scenario);
  if (dialect === "tree") return;
  const found = ownNames(path.join(scenario.layerDirectory(), directory), dialect);
  trial.equal(found, [...expected].sort(), `what the layer itself holds in ${JSON.stringify(directory)}`);
}

export async function expectOpaque(trial: Trial, scenario: Scenario, directory: string): Promise<void> {
  const dialect = await dialectOf(trial, scenario);
  if (dialect === "tree") return;
  trial.ok(
    isOpaque(path.join(scenario.layerDirectory(), directory), dialect),
    `${directory} is marked opaque in the layer`,
  );
}

async function dialectOf(trial: Trial, scenario: Scenario): Promise<Dialect> {
  const store = await trial.store();
  return (await store.get(scenario.id)).dialect;
}
