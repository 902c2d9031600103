import { Command, Option } from "commander";
import { addBench } from "./commands/bench.ts";
import { addCompare } from "./commands/compare.ts";
import { addConform } from "./commands/conform.ts";
import { addExplain } from "./commands/explain.ts";
import { addLayer } from "./commands/layer.ts";
import { addMount } from "./commands/mount.ts";
import { addProbe } from "./commands/probe.ts";
import { addReport } from "./commands/report.ts";
import { addStore } from "./commands/store.ts";
import { addUnshare } from "./commands/unshare.ts";
import { addDriverModules } from "./driver-modules.ts";
import type { Environment } from "./environment.ts";
import { VERSION } from "./version.ts";

export function buildProgram(environment: Environment): Command {
  const program = new Command("copyup")
    .description(
      "The workbench for container storage drivers: see what overlay2 and plain-copy do on this kernel, and use them.",
    )
    .version(VERSION)
    .addOption(
      new Option("--root <dir>", "the store (default: /var/lib/copyup, or $XDG_DATA_HOME/copyup without root)"),
    )
    .addOption(
      new Option("--driver <name>", "the driver, instead of the first that works (or the one the store holds)"),
    )
    .addOption(
      new Option(
        "--driver-module <module>",
        "a driver of another package: a path, or the name of a package installed here; may be repeated (also: COPYUP_DRIVER_MODULES, with ':' between)",
      ).argParser((value: string, before: string[] = []) => [...before, value]),
    )
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no progress")
    .exitOverride()
    .showHelpAfterError("(copyup --help shows the commands)")
    .addHelpText(
      "after",
      `
Examples:
  copyup probe                                  which drivers work here, and why not
  copyup compare                                probe, conformance and a quick benchmark on one page
  id=$(copyup layer apply rootfs.tar.gz)        a layer tar becomes a layer
  box=$(copyup layer create --parent $id)       a writable layer on top
  copyup mount $box /mnt && copyup umount /mnt
  copyup layer commit $box && copyup layer diff $box > changes.tar
  copyup unshare -- copyup conform              without root: in a user namespace of your own

Exit status: 0 done, 1 failed, 2 usage, 3 not supported here.`,
    );
  program.hook("preAction", (_program, command) => addDriverModules(command));
  for (const add of [
    addProbe,
    addConform,
    addReport,
    addCompare,
    addBench,
    addLayer,
    addMount,
    addStore,
    addExplain,
    addUnshare,
  ])
    add(program, environment);
  inheritSettings(program);
  return program;
}

/** exitOverride and help after errors are per command. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}
