import { type Finding, type Host, kernelAtLeast } from "@copyup/core";
import { namespaceAdvice } from "@copyup/linux";

/** May this process mount an overlay whose marks it can also write? */
export function privilegeFinding(host: Host): Finding {
  const base = { feature: "privilege", required: true, kind: "prerequisite" } as const;
  if (!host.sysAdmin) {
    return {
      ...base,
      ok: false,
      evidence: `uid ${host.euid} without CAP_SYS_ADMIN`,
      fix: `${namespaceAdvice()}; plain-copy needs neither`,
    };
  }
  if (!host.userNamespace) return { ...base, ok: true, evidence: `uid ${host.euid} with CAP_SYS_ADMIN`, fix: null };
  // Mounting overlay in a user namespace, and userxattr with it, came with 5.11; 5.10 answers EPERM.
  const ok = kernelAtLeast(host, 5, 11);
  return {
    ...base,
    ok,
    kind: ok ? "prerequisite" : "unsupported",
    evidence: `in a user namespace on kernel ${host.kernelRelease}`,
    fix: ok ? null : "a kernel from 5.11 on mounts overlay in user namespaces; run it as root on this one",
  };
}
