import { defineConfig } from "vitest/config";

/** Mounts belong to the process's namespace: a process of its own, and time for the slowest check. */
export default defineConfig({ test: { pool: "forks", testTimeout: 120_000, hookTimeout: 60_000 } });
