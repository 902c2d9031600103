import type { CellRecord, CheckResult, Evidence } from "../runner-contract.ts";
import { oneLine, printable } from "./plain-text.ts";

/** TAP version 14 (https://testanything.org/tap-version-14-specification.html), line by line while the checks run. */
export class TapWriter {
  #count = 0;

  /** Before the first result. */
  begin(): string {
    return "TAP version 14\n";
  }

  result(result: CheckResult): string {
    const { driver, filesystem, id, title, status, reason = "" } = result;
    const point = `${status === "fail" ? "not ok" : "ok"} ${++this.#count} - ${described(`${driver} on ${filesystem} ${id} ${title}`)}`;
    if (status === "skip") return `${point} # SKIP ${oneLine(reason)}\n`;
    return `${point}\n${diagnostic(result)}`;
  }

  /** The plan stands at the end: a fault of a profile is one result more than there are checks. */
  end(): string {
    return `1..${this.#count}\n`;
  }
}

export function tap(cells: readonly CellRecord[]): string {
  const writer = new TapWriter();
  const results = cells.flatMap((cell) => cell.results.map((result) => writer.result(result)));
  return [writer.begin(), ...results, writer.end()].join("");
}

/** A `#` would begin a directive. */
function described(text: string): string {
  return oneLine(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}

function diagnostic({ status, reason, ms, seed, kernel, evidence }: CheckResult): string {
  const fields: [string, string][] = [];
  if (status === "deviates") fields.push(["deviates", scalar(reason ?? "")]);
  if (status === "fail") fields.push(["message", scalar(reason ?? "")], ["severity", "fail"]);
  fields.push(["kernel", scalar(kernel)], ["duration_ms", String(ms)]);
  if (seed !== undefined) fields.push(["seed", String(seed)]);
  const lines = fields.map(([key, value]) => `${key}: ${value}`);
  if (evidence) lines.push("evidence:", ...evidence.map(evidenceLines));
  return `  ---\n${lines.map((line) => line.replace(/^/gm, "  ")).join("\n")}\n  ...\n`;
}

function evidenceLines({ title, text }: Evidence): string {
  return `  - title: ${scalar(title)}\n    text: |2-\n${printable(text).replace(/^/gm, "      ")}`;
}

/** A JSON string is a YAML scalar. */
function scalar(text: string): string {
  return JSON.stringify(printable(text));
}
