import type { Progress } from "@copyup/core";
import { humanBytes } from "./print.ts";

/** One line on stderr, rewritten; nothing when it is no terminal or `--quiet`. */
export function progressLine(quiet: boolean): { onProgress: ((p: Progress) => void) | undefined; done(): void } {
  if (quiet || !process.stderr.isTTY) return { onProgress: undefined, done() {} };
  let shown = 0;
  let width = 0;
  return {
    onProgress(progress) {
      const now = performance.now();
      if (now - shown < 100) return;
      shown = now;
      const text = `${progress.phase}: ${progress.entries} entries, ${humanBytes(progress.bytes)}`;
      process.stderr.write(`\r${text.padEnd(width)}`);
      width = text.length;
    },
    done() {
      if (width > 0) process.stderr.write(`\r${" ".repeat(width)}\r`);
    },
  };
}
