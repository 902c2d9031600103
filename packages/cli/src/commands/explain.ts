import path from "node:path";
import { renderContainerd, renderShell } from "@copyup/core";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { printJson, printLine } from "../output/print.ts";

export function addExplain(program: Command, environment: Environment): void {
  program
    .command("explain")
    .argument("<id>", "a layer")
    .option("--ro", "the read-only view, also of an active layer")
    .description("how a layer is mounted: the plan as data and as the equivalent shell")
    .addHelpText("after", "\nExample:\n  copyup explain 3f9c2d1a7b604e58\n")
    .action(async (id: string, flags: { ro?: boolean }, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        const layer = await store.get(id);
        const mode = layer.state === "active" && !flags.ro ? "rw" : "ro";
        const plan = await store.explain(id, mode);
        const target = path.join(options.root, "run/mnt", id);
        const shell = renderShell(plan, target);
        const containerd = renderContainerd(plan);
        if (options.json) {
          printJson({ id, mode, plan, shell, containerd });
          return;
        }
        printLine(
          `# layer ${id} (${layer.state}, ${layer.driver}), mounted ${mode === "rw" ? "writable" : "read-only"}`,
        );
        for (const step of plan.steps) {
          if (step.type === "overlay") {
            printLine(
              `# overlay of ${step.lowers.length} lower${step.lowers.length === 1 ? "" : "s"}${step.upper ? " and an upper" : ""}, ${step.options.join(", ")}`,
            );
            for (const lower of step.lowers) printLine(`#   lower ${lower}`);
            if (step.upper) printLine(`#   upper ${step.upper}\n#   work  ${step.work}`);
          } else if (step.type === "aufs") {
            printLine(`# aufs of ${step.branches.length} branches, ${step.options.join(", ")}`);
            for (const { path, permission } of step.branches) printLine(`#   ${permission.padEnd(5)} ${path}`);
          } else if (step.type === "daemon") {
            printLine(`# ${step.argv[0]}, a program that serves the mount as long as it lasts`);
          } else {
            printLine(`# ${step.type} of ${step.source}${step.type === "bind" && step.readonly ? ", read-only" : ""}`);
          }
        }
        printLine(shell);
        if (containerd === null)
          printLine("# containerd's clients could not carry this out themselves: mount here and hand out a bind");
        else printLine(`# containerd: ${JSON.stringify(containerd)}`);
        if (Buffer.byteLength(shell) > 4095 && plan.steps.some((step) => step.type === "overlay")) {
          printLine(
            "# more than a page of options: mount(8) over mount(2) would be cut silently at 4,095 bytes; copyup mounts it with the new mount API",
          );
        }
      });
    });
}
