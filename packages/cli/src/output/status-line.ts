/**
 * Where a long command is, on stderr: one line rewritten on a terminal; elsewhere a line now and then, so that a log shows
 * that something goes on.
 */
export function statusLine(
  quiet: boolean,
  everyMs = process.stderr.isTTY === true ? 100 : 5000,
): { say(text: string): void; done(): void } {
  const terminal = process.stderr.isTTY === true;
  let last = -Infinity;
  let width = 0;
  return {
    say(text) {
      const now = performance.now();
      if (quiet || now - last < everyMs) return;
      last = now;
      const shown = terminal ? text.slice(0, (process.stderr.columns ?? 80) - 1) : text;
      process.stderr.write(terminal ? `\r${shown.padEnd(width)}` : `copyup: ${shown}\n`);
      width = shown.length;
    },
    done() {
      if (terminal && width > 0) process.stderr.write(`\r${" ".repeat(width)}\r`);
    },
  };
}
