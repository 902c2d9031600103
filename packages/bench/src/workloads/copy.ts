import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree } from "@copyup/conformance";
import { directoriesOf } from "../ground/stand.ts";
import { runProgram } from "../programs/programs.ts";
import { requireSameTree } from "../verify/same-tree.ts";
import type { Contestant } from "../workload.ts";
import type { Maker } from "./maker.ts";
import { makesLayer } from "./makes-layer.ts";

export const copy: Maker = {
  name: "copy",
  question: "What does a new writable layer on a tree of small files cost?",
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const { yardsticks } = ground;
    const expected = await ground.expected();
    const contestants: Contestant[] = [
      "absent" in yardsticks
        ? { ...copied("C", "limit", ["false"]), absent: yardsticks.absent }
        : copied("C", "limit", [yardsticks.programs.copy]),
      copied("cp -a", "peer", ["cp", "-a", "--reflink=auto"]),
    ];
    for (const stand of ground.stands) {
      const { name, store } = stand;
      const parent = (await stand.many()).id;
      const make = async () => (await store.prepare({ parent })).id;
      contestants.push(
        makesLayer(stand, await directoriesOf(store, parent), make, async (id) => {
          await using mount = await store.mount(id);
          requireSameTree(name, expected, snapshotTree(mount.path));
        }),
      );
    }
    contestants.push(...(await ground.guests.contestants("copy", (peer) => peer.copy?.())));
    yield {
      name: this.name,
      question: this.question,
      fairness:
        "A full copy is what plain-copy has to do; C and cp do that copy alone, cp shares blocks where the filesystem can. overlay2 makes two directories." +
        ground.guests.fairness("copy"),
      runs,
      contestants,
    };

    function copied(name: string, role: "limit" | "peer", program: [string, ...string[]]): Contestant {
      const to = path.join(ground.dir, `copied-${name.replace(/\W/g, "-")}`);
      return {
        ...{ name, role, reads: [tree] },
        run: () => runProgram([...program, tree, to], { cwd: ground.dir }),
        verify: () => requireSameTree(name, expected, snapshotTree(to)),
        after: () => removeTree(to),
      };
    }
  },
};
