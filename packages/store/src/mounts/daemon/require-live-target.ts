import { StorageError } from "@copyup/core";
import { daemonAnswers } from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";
import { ANSWER_MS } from "./require-answer.ts";

/**
 * Of a target where somebody's mount stands: BAD_TARGET where the daemon behind it (FUSE) is dead or hangs. The kernel mounts
 * over the cached root of a dead mount without a word, and the dead one then comes back with the unmount.
 */
export async function requireLiveTarget(context: StoreContext, layer: string, target: string): Promise<void> {
  const answer = await daemonAnswers(target, ANSWER_MS);
  if (answer === "yes") return;
  throw new StorageError({
    code: "BAD_TARGET",
    op: "mount",
    driver: context.driver.name,
    layer,
    path: target,
    message: `at ${target} stands a mount whose daemon ${answer === "dead" ? "is dead" : `has not answered for ${ANSWER_MS / 1000} s`}`,
    hint: `unmount it first: umount ${target}`,
  });
}
