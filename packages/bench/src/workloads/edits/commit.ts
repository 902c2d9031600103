import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { syncFilesystem } from "@copyup/linux";
import type { CommitOptions, MountHandle } from "@copyup/store";
import { daemonsOf } from "../../ground/daemons-of.ts";
import type { Stand } from "../../ground/stand.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Maker } from "../maker.ts";
import { filesOf } from "./files-of.ts";

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
    const { dir, signal } = ground;
    const { tree } = await ground.many();
    const files = filesOf(tree, MOST);
    const act = (root: string) => {
      for (const { at } of files) appendFileSync(path.join(root, at), LINE);
    };
    const verify = (root: string) => {
      for (const { at, size } of files) {
        const content = readFileSync(path.join(root, at), "latin1");
        if (content.length !== size + LINE.length || !content.endsWith(LINE))
          throw new Error(`commit: ${at} lacks the line`);
      }
    };
    const own = path.join(dir, "commit");
    const limit: Contestant = {
      name: "plain directory, synced",
      role: "limit",
      before: () => void runProgram(["cp", "-a", tree, own], { cwd: dir }),
      run: async () => {
        act(own);
        await syncFilesystem(own, signal);
      },
      verify: () => verify(own),
      after: () => removeTree(own),
    };
    const ours: Contestant[] = [];
    for (const stand of ground.stands) {
      const parent = (await stand.many()).id;
      for (const [name, options] of WAYS)
        ours.push(committing(stand, `${stand.name}, ${name}`, { parent, options, act, verify }));
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
  act(root: string): void;
  verify(root: string): void;
}

function committing({ store }: Stand, name: string, { parent, options, act, verify }: Job): Contestant {
  let mount: MountHandle | undefined;
  return {
    name,
    role: "ours",
    before: async () => {
      mount = await store.mount((await store.prepare({ parent })).id);
    },
    run: async () => {
      act(mount!.path);
      await mount!.unmount();
      await store.commit(mount!.id, options);
    },
    verify: async () => {
      const { state } = await store.get(mount!.id);
      if (state !== "committed") throw new Error(`commit: ${mount!.id} is not committed`);
      const view = await store.mount(mount!.id, { mode: "ro" });
      try {
        verify(view.path);
      } finally {
        await view.unmount();
      }
    },
    servants: () => daemonsOf(mount!.path),
    after: () => store.remove(mount!.id),
  };
}
