import type { DriverModule } from "@copyup/core";

export interface DriverEntry {
  readonly name: string;
  /** The module is imported only when it is used. */
  load(): Promise<DriverModule>;
  /** Of one that was added: the object it exports. */
  readonly module?: DriverModule;
}

/** The drivers of this repository, best first: the order in which one is picked. */
export const drivers: readonly DriverEntry[] = [
  { name: "overlay2", load: async () => (await import("@copyup/overlay2")).driver },
  { name: "plain-copy", load: async () => (await import("@copyup/plain-copy")).driver },
  { name: "fuse-overlayfs", load: async () => (await import("@copyup/fuse-overlayfs")).driver },
  { name: "aufs", load: async () => (await import("@copyup/aufs")).driver },
];
