import path from "node:path";
import type { Command } from "commander";
import { type Environment, globalOptions } from "../environment.ts";
import { withStore } from "../open.ts";
import { printJson, printLine } from "../output/print.ts";

export function addMount(program: Command, environment: Environment): void {
  program
    .command("mount")
    .argument("<id>", "a layer")
    .argument("<target>", "an existing directory")
    .option("--ro", "read-only (a committed layer is mounted only so)")
    .description("mount a layer; it stays mounted until `copyup umount`")
    .addHelpText("after", "\nExamples:\n  copyup mount $box /mnt/box\n  copyup mount --ro $image /mnt/image\n")
    .action(async (id: string, target: string, flags: { ro?: boolean }, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        // The store refuses `rw` for a committed layer (NOT_ACTIVE) with the hint to say --ro.
        const mount = await store.mount(id, {
          target: path.resolve(target),
          mode: flags.ro ? "ro" : "rw",
          owner: "store",
          signal: environment.signal,
        });
        if (options.json) printJson({ id, mode: mount.mode, path: mount.path, mounted: mount.mounted });
        else if (!options.quiet) printLine(mount.path);
      });
    });
  program
    .command("umount")
    .argument("<target>", "where the layer is mounted")
    .option("--lazy", "detach now although it is in use; the layer stays in use until the kernel has let go")
    .description("unmount; if somebody uses the mount, says who")
    .addHelpText("after", "\nExample:\n  copyup umount /mnt/box\n")
    .action(async (target: string, flags: { lazy?: boolean }, command: Command) => {
      const options = globalOptions(command);
      await withStore(environment, options, "read", async (store) => {
        const { notes } = await store.unmount(path.resolve(target), {
          lazy: flags.lazy === true,
          signal: environment.signal,
        });
        if (options.json) printJson({ target: path.resolve(target), unmounted: true, notes });
        else for (const note of notes) process.stderr.write(`copyup: ${note}\n`);
      });
    });
}
