import { setFlagsFromString } from "node:v8";

/**
 * For a command that runs for a second or so: lets V8's slowest compiler wait until a function has been called this often
 * (3,000 is its own number). The one before it makes code that is nearly as good, and TurboFan's threads took 150 ms of CPU
 * of the 1.2 s in which a layer of 22,000 files is applied (Node 24.21). With millions of files it still has its turn.
 *
 * Call it when all modules are loaded: V8's code caches hold for one set of flags only.
 */
export function optimiseLater(): void {
  // Another V8 may not know the flag, and says so on stderr.
  if (process.versions.v8.startsWith("13.")) setFlagsFromString("--invocation-count-for-turbofan=200000");
}
