import { type Finding, StorageError } from "../../../packages/core/src/index.ts";

/** Throws `DRIVER_UNSUPPORTED` with the probe's own evidence and what to do about it. */
export function requireSupport(findings: readonly Finding[], root: string): void {
  const missing = findings.filter(({ required, ok }) => required && !ok);
  if (missing.length === 0) return;
  throw new StorageError({
    code: "DRIVER_UNSUPPORTED",
    op: "open",
    driver: "new-driver",
    path: root,
    message: `new-driver cannot work at ${root}: ${missing.map(({ evidence }) => evidence).join("; ")}`,
    hint: missing.find(({ fix }) => fix !== null)?.fix ?? undefined,
  });
}
