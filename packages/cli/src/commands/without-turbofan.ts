/**
 * For a command that runs for a second or so: turns V8's last and slowest compiler off. The one before it makes code that
 * does as well where most time is spent in system calls, and TurboFan's thread took 150 ms of CPU of the 1.2 s in which a layer of 22,000
 * files is applied; with 110,000 files it still cost more than it saved (Node 24.21).
 *
 * Call it when all modules are loaded: V8's code caches hold for one set of flags only.
 */
export function withoutTurbofan(): void {
  // Another V8 may not know the flag, and says so on stderr.
  if (process.versions.v8.startsWith("13.")) process.getBuiltinModule("node:v8").setFlagsFromString("--no-turbofan");
}
