import type { Finding } from "@copyup/core";
import { overlaySupport } from "@copyup/linux";

/** Which way directories can be given; mount(2) is there in any case. Nothing to fix. */
export function mountApiFinding(): Finding {
  const { descriptors, strings } = overlaySupport();
  return {
    feature: "mount-api",
    ok: descriptors.ok || strings.ok,
    required: false,
    kind: "unsupported",
    evidence:
      descriptors.ok || strings.ok
        ? `${strings.evidence}; ${descriptors.evidence}`
        : `mount(2) is used: ${strings.evidence}`,
    fix: null,
  };
}
