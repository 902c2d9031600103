import { daemonAnswers, daemonEnded, signalDaemon } from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";
import type { LiveMount } from "../live-mount.ts";
import { isDeadMount, knownDaemon } from "./known-daemon.ts";
import { ANSWER_MS, tellAnswer } from "./require-answer.ts";

/**
 * Before an unmount: a daemon that lives and does not answer is killed, because the kernel would wait for it, and no signal
 * would end that. Gives what to tell of a mount whose daemon is dead, null for a healthy one.
 */
export async function endSilentDaemon(context: StoreContext, use: LiveMount): Promise<string | null> {
  const daemon = knownDaemon(context, use.record);
  if (daemon === null) return null;
  const answer = isDeadMount(context, use.record) ? "dead" : await daemonAnswers(use.at, ANSWER_MS);
  if (answer === "yes") return null;
  if (answer === "silent") {
    signalDaemon(daemon, "SIGKILL");
    await daemonEnded(daemon, ANSWER_MS);
  }
  const killed = answer === "silent" ? " and was killed" : "";
  return `${use.at}: ${tellAnswer(answer, daemon)}${killed}; what was written through it and not synced may be lost`;
}
