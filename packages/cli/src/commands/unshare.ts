import { type Command, Option } from "commander";
import { type Environment, globalOptions } from "../environment.ts";

interface Flags {
  readonly oneId?: boolean;
  /** Set by the first half of the command for the second, which runs in the namespace. */
  readonly inside?: string;
}

export function addUnshare(program: Command, environment: Environment): void {
  program
    .command("unshare")
    .argument("[command...]", "after `--`: a program and its arguments (default: $SHELL)")
    .option("--one-id", "map one id only, also where /etc/subuid and /etc/subgid have ranges for you")
    .addOption(new Option("--inside <where>").hideHelp())
    .description("run a command as root of a user and mount namespace of its own: overlay2 without being root")
    .addHelpText(
      "after",
      `
The command runs in this one's place: its exit status, signals and terminal are its own. In it you are root and own what you
own outside. With ranges in /etc/subuid and /etc/subgid (and newuidmap of the package uidmap) there are other ids, too;
without, only that one. What is mounted there nobody else sees, and it is gone with the last process of the namespace.
A note on stderr says which ids there are; --quiet leaves it out.

Examples:
  copyup unshare -- copyup conform overlay2
  copyup unshare -- copyup compare
  copyup unshare -- sh -c 'copyup mount "$1" "$2" && tar -C "$2" -c . && copyup umount "$2"' sh $box /mnt
  copyup unshare                                a shell, where layers can be mounted and looked at

Exit status: the command's; 127 if it is not found, 126 if it cannot be run, 3 if no user namespace can be had here.
`,
    )
    .action(async (command: string[], flags: Flags, self: Command) => {
      const words = command.length > 0 ? command : [process.env.SHELL || "/bin/sh"];
      if (flags.inside !== undefined) {
        const { becomeCommand } = await import("../unshare/become-command.ts");
        environment.setStatus(becomeCommand(words, flags.inside));
        return;
      }
      const { enterNamespace } = await import("../unshare/enter-namespace.ts");
      await enterNamespace(words, { oneId: flags.oneId === true, quiet: globalOptions(self).quiet });
    });
}
