import { inspect } from "node:util";

/** A function as it stands in the source, without the indentation of where it stands. */
export function sourceText(act: { toString(): string }): string {
  // Loaders (vitest's among them) write imported names as `(0, module.name)`.
  const lines = act
    .toString()
    .replace(/\(0,\s*\w+\.(\w+)\)/g, "$1")
    .split("\n");
  const rest = lines.slice(1).filter((line) => line.trim() !== "");
  const margin = Math.min(...rest.map((line) => line.length - line.trimStart().length), Number.POSITIVE_INFINITY);
  return lines
    .map((line, i) => (i === 0 || margin === Number.POSITIVE_INFINITY ? line : line.slice(margin)))
    .join("\n");
}

/** Below the line it belongs to. */
export function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `   ${line}`)
    .join("\n");
}

/** A call's arguments or its result, short. */
export function brief(value: unknown): string {
  const options = { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 6, maxStringLength: 160 };
  const text = inspect(value, options);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
