import { defineConfig, type Options } from "tsup";

/**
 * Declarations come from `tsc -b`: tsup's own `dts` crashes on TypeScript 7, and `clean: true` would delete
 * those declarations and make the next `tsc -b` fail with TS6305.
 */
export function libraryBuild(overrides: Options = {}) {
  return defineConfig(libraryOptions(overrides));
}

export function libraryOptions(overrides: Options = {}): Options {
  return {
    entry: ["src/index.ts"],
    format: "esm",
    target: "node22",
    dts: false,
    clean: false,
    sourcemap: false,
    splitting: true,
    // Otherwise tsup resolves built-in modules before our own plugins see them.
    removeNodeProtocol: false,
    ...overrides,
  };
}
