import type { DriverModule } from "@copyup/core";

export interface DriverEntry {
  readonly name: string;
  /** One sentence for lists; the module itself is imported only when it is used. */
  load(): Promise<DriverModule>;
}

/** The drivers this runtime knows, best first: the order in which one is picked. */
export const drivers: readonly DriverEntry[] = [
  { name: "overlay2", load: async () => (await import("@copyup/overlay2")).driver },
  { name: "plain-copy", load: async () => (await import("@copyup/plain-copy")).driver },
];

export function driverNames(): string[] {
  return drivers.map((entry) => entry.name);
}
