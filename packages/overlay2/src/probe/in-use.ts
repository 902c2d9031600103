import { mkdirSync } from "node:fs";
import type { Finding, OverlayStep } from "@copyup/core";
import { closeFd, detachedOverlay, EBUSY, isSystemError } from "@copyup/linux";

/** Can it be told that an upper is still in use by a mount nobody sees? (See busy.ts.) Asked while the step is mounted. */
export function inUseFinding(step: OverlayStep & { work: string }): Finding {
  const work = `${step.work}-2`;
  mkdirSync(work);
  let ok = false;
  let evidence = "a second overlay on the same upper was accepted with index=on";
  try {
    closeFd(detachedOverlay({ ...step, work, options: step.options.map((o) => (o === "index=off" ? "index=on" : o)) }));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    ok = error.errno === EBUSY;
    evidence = `a second overlay on the same upper, with index=on: ${error.message}`;
  }
  return { feature: "in-use-test", ok, required: false, kind: "unsupported", evidence, fix: null };
}
