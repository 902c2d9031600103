import path from "node:path";

export interface Places {
  /** On the filesystem that is measured. */
  readonly dir: string;
  readonly socket: string;
}

/** Plugins that belong to no snapshotter on test: containers, networks, and what looks at the host outside of its root. */
const UNUSED = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.cri.v1.images",
  "io.containerd.cri.v1.runtime",
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.restart",
  "io.containerd.internal.v1.tracing",
  "io.containerd.monitor.v1.cgroups",
  "io.containerd.monitor.task.v1.cgroups",
  "io.containerd.nri.v1.nri",
  "io.containerd.runtime.v1.linux",
  "io.containerd.runtime.v2.task",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
];

/**
 * A daemon that keeps to `dir`. Garbage is collected when it is asked to (a lease deleted with `--sync`), not after every
 * hundredth change of its database: otherwise the removal of one run would be in the figures of another.
 */
export function containerdConfig({ dir, socket }: Places): string {
  const quoted = JSON.stringify;
  return `version = 2
root = ${quoted(path.join(dir, "root"))}
state = ${quoted(path.join(dir, "state"))}
disabled_plugins = ${quoted(UNUSED)}
[grpc]
  address = ${quoted(socket)}
[ttrpc]
  address = ${quoted(`${socket}.ttrpc`)}
[plugins."io.containerd.gc.v1.scheduler"]
  mutation_threshold = 1000000000
`;
}
