import path from "node:path";
import { defineConfig, type Options } from "tsup";
import { parserWithoutChildProcess, partsAreFiles, partsOf, startIsRequired } from "../../tools/command-bundle.ts";
import { libraryOptions } from "../../tsup.base.ts";

/**
 * linux stays outside: it loads the FFI's binary from its own dependencies. So does core, which linux imports too: with a copy of it
 * in the bundle an error of the one would not be an error of the other.
 */
const common: Options = {
  noExternal: [/^@copyup\/(?!linux|core)/, "commander"],
  external: ["@copyup/core", "@copyup/linux", "koffi", "vitest"],
  // From the sources, so that packages can be built in any order.
  esbuildOptions(options) {
    options.conditions = ["@copyup/source"];
  },
};

export default defineConfig([
  libraryOptions({
    ...common,
    entry: {
      // Run by checks that need another process.
      "child-process": "src/child-process.ts",
      ...partsOf(path.resolve("src")),
    },
  }),
  libraryOptions({
    ...common,
    // Of linux and core it needs the errors alone.
    noExternal: [/^@copyup\//, "commander"],
    external: ["koffi"],
    entry: { main: "src/main.ts", run: "src/run.ts" },
    format: "cjs",
    splitting: false,
    minify: true,
    esbuildPlugins: [startIsRequired, partsAreFiles, parserWithoutChildProcess],
  }),
]);
