import { type Layer, StorageError } from "@copyup/core";
import { type DaemonAnswer, daemonAnswers, type ProcessIdentity } from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";

/** A daemon has nothing to do for this answer but to ask the filesystem below for its size. */
export const ANSWER_MS = 5000;

/** A mount is only handed out if its daemon answers. MOUNT_FAILED otherwise. */
export async function requireAnswer(
  context: StoreContext,
  layer: Layer,
  target: string,
  daemon: ProcessIdentity,
): Promise<void> {
  const answer = await daemonAnswers(target, ANSWER_MS);
  if (answer === "yes") return;
  throw new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    driver: context.driver.name,
    layer: layer.id,
    path: target,
    message: `${target} is mounted, but ${tellAnswer(answer, daemon)}`,
    hint: "the kernel's log (`dmesg`) says whether it crashed",
  });
}

export function tellAnswer(answer: Exclude<DaemonAnswer, "yes">, daemon: ProcessIdentity): string {
  return answer === "dead"
    ? `the daemon behind it (pid ${daemon.pid}) is dead`
    : `the daemon behind it (pid ${daemon.pid}) has not answered for ${ANSWER_MS / 1000} s`;
}
