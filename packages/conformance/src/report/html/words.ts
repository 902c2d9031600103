import type { Status } from "../../runner-contract.ts";
import { html, type Markup } from "./markup.ts";

/** The four outcomes as every page names them. */
export const WORDS: Readonly<Record<Status, string>> = {
  pass: "PASS",
  deviates: "DEVIATES AS DECLARED",
  fail: "FAIL",
  skip: "SKIPPED",
};

/** For a cell of a table that is too narrow for words. */
export const SIGNS: Readonly<Record<Status, string>> = { pass: "✓", deviates: "≠", fail: "✗", skip: "–" };

/** Beside the sign, where there is room for a word. */
export const SHORT: Readonly<Record<Status, string>> = {
  pass: "pass",
  deviates: "deviates",
  fail: "FAIL",
  skip: "skipped",
};

export const STATUSES: readonly Status[] = ["pass", "deviates", "fail", "skip"];

/** URLs become links; they are followed by whoever clicks, the page loads nothing. */
export function linked(text: string): Markup {
  const parts = text.split(/(https?:\/\/[^\s<>"';]*[^\s<>"';.,)])/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))}`;
}
