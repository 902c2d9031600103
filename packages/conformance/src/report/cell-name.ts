import type { CellHost, CellRecord } from "../runner-contract.ts";

/** Who ran it, where that is not root: an ordinary user is another host to a driver. */
export function whoRan(host: CellHost): string | null {
  if (host.userNamespace) return "in a user namespace";
  return host.euid === 0 ? null : `as uid ${host.euid}`;
}

/**
 * The kernel, as a column of the matrix: `6.18.44`, `6.18.44 arm64`, `6.18.44 as uid 1000`; `6.1.176 Debian` where its package
 * is known, because Debian's `uname -r` says 6.1.0.
 */
export function kernelName(host: CellHost): string {
  const [, distribution, version] = /^(\S+) (\d+(?:\.\d+)+)/.exec(host.kernelPackage ?? "") ?? [];
  const release = version === undefined ? host.kernelRelease : `${version} ${distribution}`;
  const arch = host.arch === "x64" || host.arch === "unknown" ? null : host.arch;
  return [release, arch, whoRan(host)].filter(Boolean).join(" ");
}

/** `overlay2 on ext4, Linux 6.18.44`. */
export function cellName({ driver, filesystem, host }: Pick<CellRecord, "driver" | "filesystem" | "host">): string {
  return `${driver} on ${filesystem}, Linux ${kernelName(host)}`;
}
