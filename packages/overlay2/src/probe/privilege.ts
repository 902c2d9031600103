import { type Finding, type Host, kernelAtLeast } from "@copyup/core";
import { namespaceAdvice } from "@copyup/linux";

/** May this process mount an overlay whose marks it can also write? */
export function privilegeFinding(host: Host): Finding {
  // Mounting overlay in a user namespace, and userxattr with it, came with 5.11; 5.10 answers EPERM.
  const inNamespaces = kernelAtLeast(host, 5, 11);
  const base = { feature: "privilege", required: true, kind: "prerequisite" } as const;
  if (!host.sysAdmin) {
    return {
      ...base,
      ok: false,
      evidence: `uid ${host.euid} without CAP_SYS_ADMIN`,
      fix: inNamespaces
        ? `${namespaceAdvice()}; plain-copy needs neither`
        : "run it as root (a kernel from 5.11 on mounts overlay in user namespaces, too), or use plain-copy",
    };
  }
  if (!host.userNamespace) return { ...base, ok: true, evidence: `uid ${host.euid} with CAP_SYS_ADMIN`, fix: null };
  return {
    ...base,
    ok: inNamespaces,
    kind: inNamespaces ? "prerequisite" : "unsupported",
    evidence: `in a user namespace on kernel ${host.kernelRelease}`,
    fix: inNamespaces ? null : "a kernel from 5.11 on mounts overlay in user namespaces; run it as root on this one",
  };
}
