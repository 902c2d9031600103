import { type DriverModule, StorageError } from "@copyup/core";
import { driverNames, drivers } from "./drivers.ts";

/** Throws BAD_OPTION for a name nobody knows. */
export async function loadDriver(name: string): Promise<DriverModule> {
  const entry = drivers.find((candidate) => candidate.name === name);
  if (entry) return entry.load();
  throw new StorageError({
    code: "BAD_OPTION",
    op: "driver",
    message: `there is no driver ${JSON.stringify(name)}`,
    hint: `the drivers are ${driverNames().join(" and ")}`,
  });
}
