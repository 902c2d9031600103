import { StorageError } from "@copyup/core";
import { CommanderError } from "commander";
import { reportError } from "./output/report-error.ts";
import { buildProgram } from "./program.ts";

/** 0 done, 1 failed, 2 usage, 3 not supported here. */
export async function run(argv: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  // The first Ctrl-C (or TERM) is an abort: what was begun is rolled back. The second one ends the process as usual.
  const onSignal = () => interrupted.abort(new StorageError({ code: "ABORTED", op: "copyup", message: "interrupted" }));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  // `copyup layer ls | head`: the reader has gone, that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const outcome = { status: 0 };
  const program = buildProgram({ signal: interrupted.signal, setStatus: (status) => (outcome.status = status) });
  try {
    await program.parseAsync(argv as string[]);
    return outcome.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error, program.opts().json === true);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
