import type { Finding, Host } from "@copyup/core";

/** Neither mainline nor any distribution's kernel has aufs any more; the last was Ubuntu's, before 21.10. */
export function kernelFinding({ filesystems, kernelRelease }: Host): Finding {
  const ok = filesystems.includes("aufs");
  return {
    feature: "aufs",
    ok,
    required: true,
    kind: "unsupported",
    evidence: `aufs is ${ok ? "" : "not "}in /proc/filesystems (kernel ${kernelRelease})`,
    fix: ok
      ? null
      : "load the module where there is one (`modprobe aufs`); else the kernel needs the patches of aufs-standalone, which no distribution applies: use overlay2 (docs/kernels.md). What Docker left in aufs is read without it: `copyup store import --from docker-aufs PATH`",
  };
}

export function privilegeFinding({ euid, sysAdmin, userNamespace }: Host): Finding {
  const ok = sysAdmin && !userNamespace;
  const who = `uid ${euid}${userNamespace ? " in a user namespace" : ""}`;
  return {
    feature: "privilege",
    ok,
    required: true,
    kind: "prerequisite",
    evidence: ok
      ? `${who} with CAP_SYS_ADMIN`
      : userNamespace
        ? `${who}, where aufs cannot be mounted (EPERM)`
        : `${who} without CAP_SYS_ADMIN`,
    fix: ok ? null : "run it as root of the host; overlay2 works in a user namespace, plain-copy needs no mount",
  };
}
