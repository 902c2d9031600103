import { noTar } from "../programs/programs.ts";
import { extracted } from "./apply.ts";
import type { Maker } from "./maker.ts";
import { weighedCommand } from "./weighed-command.ts";

export const commandApply: Maker = {
  name: "command-apply",
  question:
    "What does the whole command cost that turns a layer tar of small files into a layer, and how much memory does it take?",
  async *make(ground, { runs, command }) {
    const { tar } = await ground.many();
    const { host } = ground;
    const { apply } = weighedCommand(ground, command);
    const attributes = host.fullRoot
      ? ["--numeric-owner", "--xattrs", "--xattrs-include=*", "-p"]
      : ["--no-same-owner"];
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "tar extracts and no more. The command starts Node, takes sha256 of the bytes, checks every path, writes a manifest and waits for the disk.",
      runs,
      contestants: [
        {
          ...extracted(ground, "GNU tar", "peer", [tar], (to) => ["tar", "-xf", tar, ...attributes, "-C", to]),
          absent: noTar(),
        },
        apply("copyup layer apply", tar),
      ],
    };
  },
};
