import { type ErrorCode, isStorageError } from "@copyup/core";
import { withThisCommand } from "./this-command.ts";

const UNSUPPORTED: readonly ErrorCode[] = ["DRIVER_UNSUPPORTED", "NEEDS_NAMESPACE", "NO_DRIVER"];

/** `copyup: CODE: message`, the hint on its own line; gives the exit status. */
export function reportError(error: unknown, json: boolean): number {
  if (!isStorageError(error)) {
    // Not one of ours: a fault in copyup, so the stack is what helps.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`copyup: INTERNAL: ${text}\n  please report this, with the command you ran\n`);
    if (json) process.stdout.write(`${JSON.stringify({ error: { code: "INTERNAL", message: text } })}\n`);
    return 1;
  }
  process.stderr.write(`copyup: ${error.code}: ${error.message}\n`);
  if (error.hint) process.stderr.write(`  ${withThisCommand(error.hint)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error })}\n`);
  return UNSUPPORTED.includes(error.code) ? 3 : 1;
}

/** A mistake in the command's words: exit status 2, as commander's own. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
