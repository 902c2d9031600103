import { appendFileSync, existsSync, renameSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import type { Maker } from "../maker.ts";
import { filesOf } from "./files-of.ts";
import { type Edit, inContainer } from "./in-container.ts";
import { inDirectory } from "./in-directory.ts";

const MOST = 10_000;
const LINE = "one line more\n";

interface Storm {
  readonly name: string;
  readonly question: string;
  readonly fairness: string;
  act(file: string): void;
  /** Is that what a file must be like afterwards, which had so many bytes? */
  done(file: string, size: number): boolean;
}

export const appendStorm = storm({
  name: "append-storm",
  question: `What does a container pay for appending a line to each of ${MOST} files of its image?`,
  fairness:
    "Through the mount, after it was mounted. Union drivers copy each file up; plain-copy paid when the container was made, and writes where a plain directory does.",
  act: (file) => appendFileSync(file, LINE),
  done: (file, size) => statSync(file).size === size + LINE.length,
});

export const deleteStorm = storm({
  name: "delete-storm",
  question: `What does a container pay for deleting ${MOST} files of its image?`,
  fairness:
    "Through the mount, after it was mounted. Union drivers write down each deletion and free nothing; plain-copy and a plain directory unlink.",
  act: unlinkSync,
  done: (file) => !existsSync(file) && existsSync(path.dirname(file)),
});

export const renameStorm = storm({
  name: "rename-storm",
  question: `What does a container pay for renaming ${MOST} files of its image?`,
  fairness:
    "Through the mount, after it was mounted. Union drivers copy each file up and write down that its old name is gone; plain-copy and a plain directory change a name.",
  act: (file) => renameSync(file, `${file}~`),
  done: (file, size) => !existsSync(file) && statSync(`${file}~`).size === size,
});

function storm({ name, question, fairness, act, done }: Storm): Maker {
  return {
    name,
    question,
    async *make(ground, { runs }) {
      const { tree } = await ground.many();
      const files = filesOf(tree, MOST);
      const edit: Edit = {
        act: (root) => {
          for (const { at } of files) act(path.join(root, at));
        },
        verify: (root) => {
          const bad = files.find(({ at, size }) => !done(path.join(root, at), size));
          if (bad) throw new Error(`${name}: ${path.join(root, bad.at)} is not as it should be`);
        },
      };
      const ours = ground.stands.map(async (stand) => inContainer(stand, (await stand.many()).id, edit));
      yield {
        name,
        question: files.length === MOST ? question : question.replace(`${MOST}`, `${files.length}`),
        fairness,
        runs,
        contestants: [inDirectory(ground, tree, edit), ...(await Promise.all(ours))],
      };
    },
  };
}
