import { type DriverModule, StorageError } from "@copyup/core";
import { type DriverEntry, drivers } from "./drivers.ts";

const added: DriverEntry[] = [];

/** This repository's drivers, and after them those that were added, in that order. */
export function knownDrivers(): readonly DriverEntry[] {
  return [...drivers, ...added];
}

export function driverNames(): string[] {
  return knownDrivers().map((entry) => entry.name);
}

/**
 * Makes a driver one of those this process knows, after the others: it is picked when nothing else works, or when somebody asks
 * for it. The same module once more is no change; BAD_OPTION where another driver has the name.
 */
export function registerDriver(driver: DriverModule, entry: DriverEntry = entryOf(driver)): void {
  const known = knownDrivers().find(({ name }) => name === driver.name);
  if (known === undefined) added.push(entry);
  else if (known.module !== driver) throw taken(driver.name, drivers.includes(known));
}

function entryOf(driver: DriverModule): DriverEntry {
  return { name: driver.name, module: driver, load: async () => driver };
}

function taken(name: string, ours: boolean): StorageError {
  return new StorageError({
    code: "BAD_OPTION",
    op: "driver",
    driver: name,
    message: `there is a driver called ${name} already${ours ? ": it is one of copyup's own" : ""}`,
    hint: "give yours another name: it stands in every layer it makes",
  });
}
