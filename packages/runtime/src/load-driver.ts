import { type DriverModule, StorageError } from "@copyup/core";
import { driverNames, knownDrivers } from "./known-drivers.ts";

/** Throws BAD_OPTION for a name nobody knows. */
export async function loadDriver(name: string): Promise<DriverModule> {
  const entry = knownDrivers().find((candidate) => candidate.name === name);
  if (entry) return entry.load();
  throw new StorageError({
    code: "BAD_OPTION",
    op: "driver",
    message: `there is no driver ${JSON.stringify(name)}`,
    hint: `the drivers are ${new Intl.ListFormat("en").format(driverNames())}; one of another package is added with --driver-module`,
  });
}
