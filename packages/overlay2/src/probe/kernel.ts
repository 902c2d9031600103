import type { Finding, Host } from "@copyup/core";
import { overlaySupport } from "@copyup/linux";

/** Does the kernel have overlay, perhaps as a module that asking for it loads? */
export function kernelFinding(host: Host): Finding {
  const listed = host.filesystems.includes("overlay");
  const asked = listed ? null : overlaySupport().descriptors;
  const loaded = asked !== null && !asked.evidence.includes("ENODEV") && !asked.evidence.includes("EPERM");
  return {
    feature: "overlay",
    ok: listed || loaded,
    required: true,
    kind: "unsupported",
    evidence: listed
      ? `overlay is in /proc/filesystems (kernel ${host.kernelRelease})`
      : `overlay is not in /proc/filesystems (kernel ${host.kernelRelease}); ${asked?.evidence}`,
    fix: listed || loaded ? null : "load the module (`modprobe overlay`), or use a kernel with CONFIG_OVERLAY_FS",
  };
}
