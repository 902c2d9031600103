#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before the first import of our own: the compiled code of the whole command is then read back at the next start.
enableCompileCache();
// Without a top-level await, which the bundle (CommonJS) cannot have.
void import("./run.ts")
  .then(({ run }) => run(process.argv))
  .then((status) => {
    process.exitCode = status;
  });
