import { createWriteStream, rmSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { directoriesOf } from "../ground/stand.ts";
import { noBsdtar, noTar, runProgram } from "../programs/programs.ts";
import { requireSameTar } from "../verify/same-tar.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";

export const diff: Maker = {
  name: "diff",
  question: "What does it cost to export a layer of small files as a tar?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const tar = path.join(ground.dir, "verified.tar");
    const { yardsticks, host } = ground;
    const tarFlags = `--format=pax --sort=name --numeric-owner ${host.fullRoot ? "--xattrs" : ""}`;
    const expected = await ground.expected();
    const contestants: Contestant[] = [
      "absent" in yardsticks
        ? { ...piped("C", "limit", "false"), absent: yardsticks.absent }
        : piped("C", "limit", '"$1" "$0" 2>/dev/null', yardsticks.programs.diff),
    ];
    for (const { name, store, many } of ground.stands) {
      const { id } = await many();
      contestants.push({
        ...{ name, role: "ours", reads: await directoriesOf(store, id) },
        run: async () => {
          let bytes = 0;
          for await (const piece of store.diff(id, { reuse: true })) bytes += piece.length;
          if (bytes === 0) throw new Error("an empty diff");
        },
        verify: async () => {
          const written = createWriteStream(tar);
          await pipeline(store.diff(id), written);
          await requireSameTar(name, expected, tar);
          rmSync(tar);
        },
      });
    }
    contestants.push(
      { ...piped("GNU tar", "peer", `tar ${tarFlags} -C "$0" -cf - .`), absent: noTar() },
      { ...piped("bsdtar", "peer", 'bsdtar --format pax -C "$0" -cf - .'), absent: noBsdtar() },
    );
    contestants.push(...(await ground.guests.contestants("diff", (peer) => peer.diff?.())));
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "Into a pipe, whose reader throws it away. C and the drivers take sha256 of the bytes, the programs do not." +
        ground.guests.fairness("diff"),
      runs,
      contestants,
    };

    function piped(name: string, role: "limit" | "peer", script: string, ...words: string[]): Contestant {
      const argv = ["sh", "-c", `${script} | cat >/dev/null`, tree, ...words] as const;
      return {
        ...{ name, role, reads: [tree] },
        run: () => runProgram([...argv], { cwd: ground.dir }),
        verify: async () => {
          runProgram(["sh", "-c", script, tree, ...words], { cwd: ground.dir, stdout: tar });
          await requireSameTar(name, expected, tar);
          rmSync(tar);
        },
      };
    }
  },
};
