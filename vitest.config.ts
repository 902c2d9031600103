import { defineConfig } from "vitest/config";

/** Tests run from the sources: the same condition stands in tsconfig.base.json. */
const conditions = ["@copyup/source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "tools/test/**/*.test.ts", "test-vm/test/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "kernel",
          include: ["packages/*/test/**/*.kernel.ts"],
          // Mounts belong to the process's namespace: one file at a time, in a process of its own.
          pool: "forks",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
