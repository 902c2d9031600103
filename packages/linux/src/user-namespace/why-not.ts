import { readFileSync } from "node:fs";
import { readMountInfo } from "../mounts/mountinfo.ts";

/** Why this user gets no user namespace, and what changes it. */
export interface Refusal {
  readonly reason: string;
  readonly fix: string;
}

/** What the machine says of itself; a replacement of /proc for tests. */
export interface Sources {
  /** Null for a file that is not there. */
  read(path: string): string | null;
  /** Is there a mount at `/`? There is none where this process is in a chroot. */
  rootIsMount(): boolean;
}

/** The switches that forbid user namespaces, most telling first; null where none of them is set. Tries nothing. */
export function whyNoUserNamespace(from: Sources = HERE): Refusal | null {
  return CAUSES.map((cause) => cause(from)).find((refusal) => refusal !== null) ?? null;
}

const CAUSES: readonly ((from: Sources) => Refusal | null)[] = [
  ({ read }) =>
    read("/proc/self/uid_map") === null
      ? { reason: "this kernel has no user namespaces (CONFIG_USER_NS)", fix: "use a kernel that has them" }
      : null,
  sysctl("user.max_user_namespaces", "0", "1000"),
  // Debian's and Arch's own; Debian's default was 0 until 10.
  sysctl("kernel.unprivileged_userns_clone", "0", "1"),
  // Ubuntu's, on since 23.10: a namespace is made, and all rights in it refused.
  (from) =>
    sysctl("kernel.apparmor_restrict_unprivileged_userns", "1", "0")(from) && {
      reason: "AppArmor lets only programs with a profile use them (kernel.apparmor_restrict_unprivileged_userns is 1)",
      fix: "as root: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or a profile with `userns,` for unshare and nsenter",
    },
  ({ rootIsMount }) =>
    rootIsMount()
      ? null
      : {
          reason: "this process is in a chroot, where the kernel makes none (EPERM)",
          fix: "enter the tree with pivot_root or a container engine",
        },
  ({ read }) =>
    /^Seccomp:\s*2$/m.test(read("/proc/self/status") ?? "")
      ? {
          reason: "a seccomp filter, as containers have, may forbid it",
          fix: "start the container with a profile that lets it unshare (docker run --security-opt seccomp=unconfined, or podman)",
        }
      : null,
];

function sysctl(name: string, forbids: string, allows: string): (from: Sources) => Refusal | null {
  return ({ read }) =>
    read(`/proc/sys/${name.replaceAll(".", "/")}`)?.trim() === forbids
      ? { reason: `${name} is ${forbids}`, fix: `as root: \`sysctl -w ${name}=${allows}\`` }
      : null;
}

const HERE: Sources = {
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  },
  rootIsMount: () => [...readMountInfo()].some(({ target }) => target === "/"),
};
