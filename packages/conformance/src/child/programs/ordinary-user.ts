import { bindMount } from "@copyup/linux";
import type { ProgramContext } from "./index.ts";
import { lifeOfLayers } from "./live-in-namespace.ts";

/**
 * `UID REACHABLE`, run as root in a mount namespace of its own: binds ROOT, whose path an ordinary user may not walk, at a
 * directory that anybody can reach, becomes that user for good, and lives there. Without arguments it is that user already.
 */
export async function ordinaryUser(context: ProgramContext): Promise<void> {
  const [uid, reachable] = context.args;
  if (uid === undefined || reachable === undefined) return lifeOfLayers(context);
  bindMount(context.root, reachable, false);
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
  await lifeOfLayers({ ...context, root: reachable });
}
