import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";
import { requireWritable } from "../output/require-writable.ts";

interface Flags {
  image?: string;
  out: string;
  work?: string;
}

export function addCompare(program: Command, environment: Environment): void {
  program
    .command("compare")
    .option(
      "--image <file>",
      "a root filesystem tar (plain, gzip, zstd) to work on instead of the image made on the spot",
    )
    .option("--out <file>", "the HTML report", "copyup-report.html")
    .option("--work <dir>", "where to work (default: a fresh directory in the temporary directory)")
    .description(
      "probe every driver (or the one of --driver), run the suite and a quick benchmark: one page here, and an HTML report",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  copyup compare\n  copyup --driver overlay2 compare\n  docker export box | gzip > box.tar.gz && copyup compare --image box.tar.gz\n",
    )
    .action(async (flags: Flags, command: Command) => {
      const options = globalOptions(command);
      const { rerunInPrivateNamespace } = await import("../suite/private-namespace.ts");
      const status = await rerunInPrivateNamespace(environment.signal);
      if (status !== null) {
        environment.setStatus(status);
        return;
      }
      const out = path.resolve(flags.out);
      requireWritable(out, "compare");
      const { gatherComparison } = await import("../compare/gather.ts");
      const { terminalPage } = await import("../compare/terminal-page.ts");
      const { htmlReport } = await import("../compare/html-report.ts");
      const { statusLine } = await import("../output/status-line.ts");
      const line = statusLine(options.quiet);
      const report = await gatherComparison({
        work: flags.work,
        imageFile: flags.image,
        driver: options.driver,
        signal: environment.signal,
        onAccepted: () => process.stderr.write("copyup: comparing the drivers on this machine (a few minutes)\n"),
        say: line.say,
      });
      line.done();
      writeFileSync(out, htmlReport(report));
      if (options.json) printJson({ ...report, cells: undefined, report: out });
      else {
        printLine(terminalPage(report, process.stdout.isTTY === true));
        printLine();
        printLine(`${report.seconds.toFixed(0)} s; the whole report: ${out}`);
      }
      if (report.results.some((result) => result.status === "fail")) environment.setStatus(1);
      else if (report.bench === null) environment.setStatus(3);
    });
}
