import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";

interface Flags {
  readonly out?: string[];
}

const append = (value: string, before: string[] = []) => [...before, value];

export function addReport(program: Command, environment: Environment): void {
  program
    .command("report")
    .argument(
      "<results...>",
      "directories that `conform --results` wrote, files of one, a .json of this command, or JSON lines",
    )
    .option(
      "--out <file>",
      "a report; .html, .md (a summary), .json (all cells, small), .tap, .xml (JUnit), .jsonl; may be repeated",
      append,
    )
    .description("put the results of several runs, kernels and machines on one page")
    .addHelpText(
      "after",
      `
Examples:
  copyup report reports/conform --out report.html
  copyup report reports/matrix.json --out matrix.html --out matrix.md
  copyup report host/*.json vm-5.10/ vm-6.1/ --out report.html --out all.jsonl
`,
    )
    .action(async (names: string[], flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const { countStatuses, readCells } = await import("@copyup/conformance/report");
      const { countLine, summaryTable } = await import("../suite/result-text.ts");
      const { outputsAsked, requireWritableOutputs, writeOutputs } = await import("../suite/outputs.ts");
      const cells = readCells(names);
      const outputs = outputsAsked(flags.out ?? [], undefined);
      requireWritableOutputs(outputs, "report");
      writeOutputs(outputs, cells);
      const counts = countStatuses(cells.flatMap((cell) => cell.results));
      if (options.json) printJson({ counts, cells: cells.map(({ results: _, ...cell }) => cell) });
      else {
        printLine(summaryTable(cells));
        printLine(countLine(counts));
      }
      if (counts.fail > 0) environment.setStatus(1);
    });
}
