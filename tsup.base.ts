import { defineConfig, type Options } from "tsup";

/**
 * Declarations come from `tsc -b`: tsup's own `dts` crashes on TypeScript 7, and `clean: true` would delete
 * those declarations and make the next `tsc -b` fail with TS6305.
 */
export function libraryBuild(overrides: Options = {}) {
  return defineConfig({
    entry: ["src/index.ts"],
    format: "esm",
    target: "node22",
    dts: false,
    clean: false,
    sourcemap: false,
    splitting: true,
    ...overrides,
  });
}
