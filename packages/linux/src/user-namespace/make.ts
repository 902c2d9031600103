import { closeFd } from "../files/files.ts";
import { startHolder } from "./holder.ts";
import type { IdMaps } from "./id-maps.ts";
import { type Allowance, idsAllowed } from "./ids-allowed.ts";
import { refusedNamespace } from "./refused-namespace.ts";
import { writeOwnId, writeWithHelpers } from "./write-maps.ts";

/** A user and mount namespace that nobody is in but a process that holds it. */
export interface UserNamespace {
  /** The process that holds it, a child of this one. */
  readonly holder: number;
  /** The holder ends when the last copy of this descriptor is closed. */
  readonly lifeline: number;
  readonly maps: IdMaps;
  /** Why only one id is mapped; null where ranges are. */
  readonly whyOneId: string | null;
}

/**
 * Makes a user namespace in which the caller is root, and a mount namespace of it whose mounts nobody else sees. With the
 * user's ranges of /etc/subuid and /etc/subgid where there are any and newuidmap(1) and newgidmap(1) may map them, else with
 * one id. Node itself cannot enter it: setns(CLONE_NEWUSER) wants a process of one thread (docs/decisions/0056).
 *
 * Rejects with NEEDS_NAMESPACE where the kernel does not let this user have one, with its reason and the way out.
 */
export async function makeUserNamespace({ oneId = false }: { oneId?: boolean } = {}): Promise<UserNamespace> {
  const allowed: Allowance = oneId ? { maps: null, why: "asked for" } : idsAllowed();
  let why = allowed.why;
  if (allowed.maps !== null) {
    const held = await startHolder();
    const refusal = writeWithHelpers(held.pid, allowed.maps);
    if (refusal === null) return { holder: held.pid, lifeline: held.lifeline, maps: allowed.maps, whyOneId: null };
    // A map can be written once: the next try needs a namespace of its own.
    closeFd(held.lifeline);
    why = refusal;
  }
  const held = await startHolder();
  try {
    return { holder: held.pid, lifeline: held.lifeline, maps: writeOwnId(held.pid), whyOneId: why };
  } catch (error) {
    closeFd(held.lifeline);
    throw refusedNamespace((error as Error).message);
  }
}
