#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before the first import of our own: the compiled code of the whole command is then read back at the next start.
enableCompileCache();
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv);
