import { writeSync } from "node:fs";
import { joinUserNamespace, makeUserNamespace } from "@copyup/linux";
import { namespaceNote } from "./namespace-note.ts";

/**
 * The first half of `copyup unshare`, outside: makes the namespace and becomes the second half in it. Rejects with
 * NEEDS_NAMESPACE; else it does not come back.
 */
export async function enterNamespace(
  command: readonly string[],
  { oneId, quiet }: { oneId: boolean; quiet: boolean },
): Promise<never> {
  const namespace = await makeUserNamespace({ oneId });
  // Not process.stderr, which would make the stream non-blocking for whoever shares it.
  if (!quiet) writeSync(2, `copyup: ${namespaceNote(namespace)}\n`);
  const inside = JSON.stringify({ holder: namespace.holder, lifeline: namespace.lifeline, cwd: process.cwd() });
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
  return joinUserNamespace(namespace, [...self, "unshare", "--inside", inside, "--", ...command], process.env);
}
