import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Ground } from "../../ground/ground.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Edit } from "./in-container.ts";

/** The limit of what is done in a container: the same in a fresh copy of the tree. `then` is part of the run. */
export function inDirectory(
  { dir }: Ground,
  tree: string,
  { act, verify }: Edit,
  then?: (root: string) => Promise<void>,
): Contestant {
  const own = path.join(dir, "edited");
  return {
    name: "plain directory",
    role: "limit",
    before: () => void runProgram(["cp", "-a", tree, own], { cwd: dir }),
    run: async () => {
      act(own);
      await then?.(own);
    },
    verify: () => verify(own),
    after: () => removeTree(own),
  };
}
