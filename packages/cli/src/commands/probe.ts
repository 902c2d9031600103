import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";

export function addProbe(program: Command, environment: Environment): void {
  program
    .command("probe")
    .description("which drivers work here, with evidence and what to do; exit 3 if none does")
    .addHelpText("after", "\nExamples:\n  copyup probe\n  copyup probe --root /mnt/disk/store --json\n")
    .action(async (_options, command: Command) => {
      const options = globalOptions(command);
      const { chooseDriver, describeContext, loadDriver, probeAll } = await import("@copyup/runtime");
      // A name nobody knows is not a driver that does not work.
      if (options.driver !== undefined) await loadDriver(options.driver);
      const context = describeContext(options.root);
      const all = await probeAll(context);
      const reports = options.driver === undefined ? all : all.filter((report) => report.driver === options.driver);
      const works = reports.some((report) => report.works);
      if (!works) environment.setStatus(3);
      const choice = works ? await chooseDriver(options.root, options.driver) : null;
      if (options.json) {
        const picked = choice && { driver: choice.driver.name, why: choice.why, others: choice.others };
        printJson({ host: context.host, directory: context.directory, drivers: reports, picked });
        return;
      }
      const { host, directory } = context;
      printLine(
        `Linux ${host.kernelRelease} ${host.arch}, ${host.euid === 0 ? "root" : `uid ${host.euid}`}${host.userNamespace ? " in a user namespace" : ""}`,
      );
      printLine(`${directory.path} is on ${directory.filesystem}`);
      for (const report of reports) {
        printLine();
        printLine(`${report.works ? "works" : "does not work"}: ${report.driver} (${report.summary})`);
        for (const finding of report.findings) {
          printLine(
            `  ${finding.ok ? "ok " : finding.required ? "NO " : "no "} ${finding.feature}: ${finding.evidence}`,
          );
          if (!finding.ok && finding.fix) printLine(`       ${finding.fix}`);
        }
        if (report.profile)
          printLine(
            `  ${report.profile.deviations.length} declared deviations from a plain directory (copyup conform --profile ${report.driver} tells them)`,
          );
      }
      if (choice) {
        printLine();
        printLine(`a store at ${options.root} uses ${choice.driver.name}: ${choice.why}`);
        for (const other of choice.others) printLine(`  not ${other.name}: ${other.why}`);
      }
    });
}
