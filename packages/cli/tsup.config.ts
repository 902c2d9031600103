import { libraryBuild } from "../../tsup.base.ts";

/**
 * One bundle with lazy chunks, because loading some hundred small modules costs more than the work of most commands.
 * linux stays outside: it loads the FFI's binary from its own dependencies.
 */
export default libraryBuild({
  entry: ["src/main.ts"],
  noExternal: [/^@copyup\/(?!linux)/, "commander"],
  // From the sources, so that packages can be built in any order.
  esbuildOptions(options) {
    options.conditions = ["@copyup/source"];
  },
  external: ["@copyup/linux", "koffi", "vitest"],
});
