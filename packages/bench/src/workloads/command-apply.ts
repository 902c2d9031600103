import { noTar } from "../programs/programs.ts";
import { runWeighed } from "../programs/run-weighed.ts";
import { extracted } from "./apply.ts";
import { commandOn, removingNewLayers } from "./command-on.ts";
import type { Maker } from "./maker.ts";

export const commandApply: Maker = {
  name: "command-apply",
  question:
    "What does the whole command cost that turns a layer tar of small files into a layer, and how much memory does it take?",
  async *make(ground, { runs, command }) {
    const { tar } = await ground.many();
    const { host } = ground;
    const [stand] = ground.stands;
    if (!stand) throw new RangeError("nothing to measure: no driver works here");
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
          ...extracted(ground, "GNU tar", "peer", (to) => ["tar", "-xf", tar, ...attributes, "-C", to]),
          absent: noTar(),
        },
        {
          name: "copyup layer apply",
          role: "command",
          run: () =>
            runWeighed(ground, [
              ...commandOn(stand, command),
              "layer",
              "apply",
              tar,
              ...(host.fullRoot ? [] : ["--lossy"]),
            ]),
          ...removingNewLayers(stand),
        },
      ],
    };
  },
};
