import { StorageError } from "./errors.ts";
import type { Finding } from "./probe.ts";

export interface SupportQuestion {
  readonly driver: string;
  /** Of the store that is to be opened. */
  readonly root: string;
  readonly findings: readonly Finding[];
  /** Would the driver work in a user namespace where `privilege` is all that it lacks? */
  readonly namespaceHelps: boolean;
}

/** Throws `DRIVER_UNSUPPORTED` or `NEEDS_NAMESPACE` with the probe's own evidence and what to do about it. */
export function requireSupport({ driver, root, findings, namespaceHelps }: SupportQuestion): void {
  const missing = findings.filter(({ required, ok }) => required && !ok);
  if (missing.length === 0) return;
  // Anything else is no better in a namespace.
  const namespace = namespaceHelps && missing.every(({ feature }) => feature === "privilege");
  throw new StorageError({
    code: namespace ? "NEEDS_NAMESPACE" : "DRIVER_UNSUPPORTED",
    op: "open",
    driver,
    path: root,
    message: `${driver} cannot work at ${root}: ${missing.map(({ evidence }) => evidence).join("; ")}`,
    hint: missing.find(({ fix }) => fix !== null)?.fix ?? undefined,
  });
}
