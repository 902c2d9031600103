import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { syncFilesystem } from "@copyup/linux";
import type { CommitOptions } from "@copyup/store";
import type { Stand } from "../../ground/stand.ts";
import type { Contestant } from "../../workload.ts";
import type { Maker } from "../maker.ts";
import { filesOf } from "./files-of.ts";
import { type Edit, freshContainer } from "./in-container.ts";
import { inDirectory } from "./in-directory.ts";

const MOST = 1_000;
const LINE = "one line more\n";

const WAYS: readonly (readonly [name: string, options: CommitOptions])[] = [
  ["no sync", { durability: "none" }],
  ["synced", { durability: "data" }],
  ["synced, with diff id", { durability: "data", diffId: true }],
];

/** The edits are part of the run: before it the filesystem is synced, and nothing would be left for the commit to sync. */
export const commit: Maker = {
  name: "commit",
  question: `What does it cost to append to ${MOST} files of a container and commit it, with and without a sync and the diff id?`,
  async *make(ground, { runs }) {
    const { tree } = await ground.many();
    const files = filesOf(tree, MOST);
    const edit: Edit = {
      act: (root) => {
        for (const { at } of files) appendFileSync(path.join(root, at), LINE);
      },
      verify: (root) => {
        for (const { at, size } of files) {
          const content = readFileSync(path.join(root, at), "latin1");
          if (content.length !== size + LINE.length || !content.endsWith(LINE))
            throw new Error(`commit: ${at} lacks the line`);
        }
      },
    };
    const synced = inDirectory(ground, tree, edit, (root) => syncFilesystem(root, ground.signal));
    const limit: Contestant = { ...synced, name: "plain directory, synced" };
    const ours: Contestant[] = [];
    for (const stand of ground.stands) {
      const parent = (await stand.many()).id;
      for (const [name, options] of WAYS)
        ours.push(committing(stand, `${stand.name}, ${name}`, { parent, options, edit }));
    }
    yield {
      name: this.name,
      question: files.length === MOST ? this.question : this.question.replace(`${MOST}`, `${files.length}`),
      fairness:
        "From the first append through the mount to the committed layer: copy-up, unmount (overlay syncs then, whatever is asked), the list of checksums, the sync, the record. A plain directory is appended to and synced; it keeps no list and has no other version left.",
      runs,
      contestants: [limit, ...ours],
    };
  },
};

interface Job {
  readonly parent: string;
  readonly options: CommitOptions;
  readonly edit: Edit;
}

function committing(stand: Stand, name: string, { parent, options, edit }: Job): Contestant {
  const { store } = stand;
  const { before, servants, mounted } = freshContainer(stand, parent);
  return {
    name,
    role: "ours",
    before,
    run: async () => {
      edit.act(mounted().path);
      await mounted().unmount();
      await store.commit(mounted().id, options);
    },
    verify: async () => {
      const { id } = mounted();
      const { state } = await store.get(id);
      if (state !== "committed") throw new Error(`commit: ${id} is not committed`);
      await using view = await store.view(id);
      edit.verify(view.path);
    },
    servants,
    after: () => store.remove(mounted().id),
  };
}
