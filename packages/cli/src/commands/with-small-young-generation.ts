/**
 * For a command that looks at each entry of a layer once: V8's young generation, where objects are made, stays as small as it
 * begins. V8 doubles it again and again where some objects are still in use when it is collected, and keeps it: to over
 * 100 MB, where a heap of 10 MB does (Node 24.21: 400,000 hard links applied, docs/decisions/0088).
 *
 * Call it when all modules are loaded: V8's code caches hold for one set of flags only.
 */
export function withSmallYoungGeneration(): void {
  // Another V8 may not know the flag, and says so on stderr.
  if (!process.versions.v8.startsWith("13.")) return;
  process.getBuiltinModule("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
}
