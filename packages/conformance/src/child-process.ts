import { flushCompileCache } from "node:module";
import { linesOf } from "./child/lines-of.ts";
import { loadDriverFrom } from "./child/load-driver-from.ts";
import { type Program, type ProgramContext, programs } from "./child/programs/index.ts";

/**
 * What a process started by `spawnProgram` does: `NAME DRIVER-URL DRIVER-NAME ROOT [ARGUMENT…]`. It prints `ready` when all it
 * needs is loaded, and begins when it is told `go`, so that the time until a kill is that of the verbs alone.
 */
export async function runProgram(given: readonly string[]): Promise<void> {
  const [name = "", url = "", driverName = "", root = "", ...args] = given;
  const program = (programs as Readonly<Record<string, Program | undefined>>)[name];
  if (!program) throw new Error(`there is no program ${name}`);
  const driver = await loadDriverFrom(url, driverName);
  // A process that is killed writes no cache at its end.
  flushCompileCache();
  const lines = linesOf(process.stdin);
  const context: ProgramContext = { driver, root, args, say: (line) => console.log(line), next: () => lines.next() };
  context.say("ready");
  if ((await lines.next()) !== "go") return;
  await program(context);
  lines.close();
}
