import type { CheckResult } from "../runner-contract.ts";

const MOST_LINES = 60;

/** The reason, and below it the evidence, as far as a person reads on in a terminal. */
export function tellFailure({ reason = "", evidence = [] }: CheckResult): string {
  const parts = evidence.map(({ title, text }) => {
    const lines = text.split("\n");
    const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} lines more`] : [];
    return [`${title}:`, ...[...lines.slice(0, MOST_LINES), ...more].map((line) => `  ${line}`)].join("\n");
  });
  return [reason, ...parts].join("\n\n");
}
