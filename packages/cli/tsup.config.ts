import { libraryBuild } from "../../tsup.base.ts";

/**
 * One bundle with lazy chunks, because loading some hundred small modules costs more than the work of most commands.
 * linux stays outside: it loads the FFI's binary from its own dependencies. So does core, which linux imports too: with a copy of it
 * in the bundle an error of the one would not be an error of the other.
 */
export default libraryBuild({
  // The second is run by checks that need another process.
  entry: ["src/main.ts", "src/child-process.ts"],
  noExternal: [/^@copyup\/(?!linux|core)/, "commander"],
  // From the sources, so that packages can be built in any order.
  esbuildOptions(options) {
    options.conditions = ["@copyup/source"];
  },
  external: ["@copyup/core", "@copyup/linux", "koffi", "vitest"],
});
