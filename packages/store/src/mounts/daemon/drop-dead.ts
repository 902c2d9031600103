import { type Layer, StorageError } from "@copyup/core";
import { daemonAnswers, isSystemError, unmount } from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";
import { forgetMount } from "../forget-mount.ts";
import type { LiveMount } from "../live-mount.ts";
import { isDeadMount, knownDaemon } from "./known-daemon.ts";
import { ANSWER_MS, tellAnswer } from "./require-answer.ts";

/**
 * Before a layer is mounted again: mounts of it whose daemon is dead are taken away, whoever made them, because nothing can be
 * read or written there any more and a second mount on top of one fails (ENOTCONN). Gives the uses that are left. MOUNT_FAILED
 * where a daemon lives and does not answer.
 */
export async function dropDeadMounts(
  context: StoreContext,
  layer: Layer,
  uses: readonly LiveMount[],
): Promise<LiveMount[]> {
  const left: LiveMount[] = [];
  for (const use of uses) {
    const daemon = use.state === "here" ? knownDaemon(context, use.record) : null;
    if (daemon === null) {
      left.push(use);
      continue;
    }
    const answer = isDeadMount(context, use.record) ? "dead" : await daemonAnswers(use.at, ANSWER_MS);
    if (answer === "silent") throw silent(context, layer, use, tellAnswer(answer, daemon));
    if (answer === "yes") left.push(use);
    else {
      detachDead(use.at);
      forgetMount(use);
    }
  }
  return left;
}

/** Also with files open in it: their owners have lost them already, and nobody writes to the upper any more. */
export function detachDead(at: string): void {
  try {
    unmount(at, true);
  } catch (error) {
    // Another record's mount at the same place was this very one.
    if (!isSystemError(error)) throw error;
  }
}

function silent(context: StoreContext, layer: Layer, use: LiveMount, why: string): StorageError {
  return new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    driver: context.driver.name,
    layer: layer.id,
    path: use.at,
    message: `layer ${layer.id} is mounted at ${use.at}, but ${why}`,
    hint: `\`copyup umount ${use.at}\` ends it`,
  });
}
