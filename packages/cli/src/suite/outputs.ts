import { writeFileSync } from "node:fs";
import path from "node:path";
import type { CellRecord, CheckResult } from "@copyup/conformance";
import { compact, htmlPage, jsonl, jsonlLine, junit, markdown, TapWriter, tap } from "@copyup/conformance/report";
import { requireWritable } from "../output/require-writable.ts";

export type Format = "tap" | "junit" | "jsonl" | "html" | "markdown" | "matrix";

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  ".tap": "tap",
  ".xml": "junit",
  ".jsonl": "jsonl",
  ".html": "html",
  ".md": "markdown",
  ".json": "matrix",
};

export interface Output {
  readonly file: string;
  readonly format: Format;
}

/** `--format` with one file is that file's; of several, each is told by its ending, and the others take `--format` or jsonl. */
export function outputsAsked(files: readonly string[], format: Format | undefined): Output[] {
  return files.map((name) => {
    const file = path.resolve(name);
    const told = BY_EXTENSION[path.extname(file).toLowerCase()];
    return { file, format: (files.length === 1 ? (format ?? told) : (told ?? format)) ?? "jsonl" };
  });
}

/** Before minutes of work, not after. */
export function requireWritableOutputs(outputs: readonly Output[], op: string): void {
  for (const { file } of outputs) {
    requireWritable(file, op);
  }
}

const RENDER: Readonly<Record<Format, (cells: readonly CellRecord[]) => string>> = {
  tap,
  junit,
  jsonl,
  html: htmlPage,
  markdown,
  matrix: compact,
};

export function writeOutputs(outputs: readonly Output[], cells: readonly CellRecord[]): void {
  for (const { file, format } of outputs) writeFileSync(file, RENDER[format](cells));
}

/** What goes to stdout with `--format` and no file: line by line where the format has lines, else whole at the end. */
export interface Stream {
  result(result: CheckResult): string;
  end(cells: readonly CellRecord[]): string;
}

export function streamOf(format: Format): Stream {
  if (format === "jsonl") return { result: jsonlLine, end: () => "" };
  if (format !== "tap") return { result: () => "", end: RENDER[format] };
  const writer = new TapWriter();
  let begun = false;
  return {
    result(result) {
      const head = begun ? "" : writer.begin();
      begun = true;
      return head + writer.result(result);
    },
    end: () => (begun ? "" : writer.begin()) + writer.end(),
  };
}
