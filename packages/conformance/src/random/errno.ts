import { SystemError } from "@copyup/linux";
import { errnoOf } from "../trial/errno-of.ts";

/** What an edit gave: a value that can be told, or the kernel's refusal. */
export type Outcome = { readonly value: string } | { readonly errno: string };

export function outcomeOf(act: () => unknown): Outcome {
  try {
    return { value: String(act() ?? "done") };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    return { errno };
  }
}

export function tellOutcome(outcome: Outcome): string {
  return "errno" in outcome ? outcome.errno : outcome.value;
}

export function refuse(errno: number, why: string): never {
  throw new SystemError(why, errno);
}
