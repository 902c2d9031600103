import { writeFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../programs/programs.ts";
import type { Maker } from "./maker.ts";

const LAYERS = 100;

export const start: Maker = {
  name: "start",
  question: `What does a cold start of the command cost, listing ${LAYERS} layers?`,
  async *make(ground, { runs, command }) {
    const { dir } = ground;
    const empty = path.join(dir, "empty.cjs");
    writeFileSync(empty, "");
    const stand = ground.stands[0]!;
    await stand.deep(LAYERS - 1);
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "node is the same Node running an empty file: what no program in it can be below." +
        ground.guests.fairness("list"),
      runs,
      contestants: [
        { name: "node", role: "limit", run: () => runProgram([process.execPath, empty], { cwd: dir }) },
        {
          name: "copyup layer ls",
          role: "command",
          run: () => runProgram([...command, "--root", stand.root, "layer", "ls"], { cwd: dir }),
        },
        ...(await ground.guests.contestants("list", (peer) => peer.list?.(LAYERS))),
      ],
    };
  },
};
