import { type Finding, StorageError } from "@copyup/core";

/** Throws `DRIVER_UNSUPPORTED` with the probe's own evidence and what to do about it. */
export function requireSupport(findings: readonly Finding[], root: string): void {
  const missing = findings.filter(({ required, ok }) => required && !ok);
  if (missing.length === 0) return;
  throw new StorageError({
    code: "DRIVER_UNSUPPORTED",
    op: "open",
    driver: "aufs",
    path: root,
    message: `aufs cannot work at ${root}: ${missing.map(({ evidence }) => evidence).join("; ")}`,
    hint: missing.find(({ fix }) => fix !== null)?.fix ?? undefined,
  });
}
