import path from "node:path";
import type { LayerStore } from "@copyup/store";
import type { Ground } from "../../ground/ground.ts";
import { runProgram } from "../../programs/programs.ts";
import type { Contestant } from "../../workload.ts";
import type { Choices, Maker } from "../maker.ts";
import { FullStore } from "./full-store.ts";

const FRESH = "The store has been opened and has looked at nothing yet; `again`: it has.";

export const listByStored = byStored({
  name: "list-by-stored",
  question: "What does it cost to list all layers of a store, by how many it holds?",
  fairness: `${FRESH} find and cat read the same records, and understand nothing of them.`,
  contestants: (full, name, { dir, command }) => [
    {
      name: "find and cat",
      role: "limit",
      run: () => {
        const script = 'find "$0" -mindepth 2 -maxdepth 2 -name layer.json -exec cat {} + >/dev/null';
        return runProgram(["sh", "-c", script, path.join(full.root, "layers")], { cwd: dir });
      },
    },
    opened(full, name, (store) => requireAll(full, store)),
    opened(
      full,
      `${name}, again`,
      (store) => requireAll(full, store),
      (store) => requireAll(full, store),
    ),
    commanded("copyup layer ls", dir, command, () => ["--root", full.root, "layer", "ls"]),
  ],
});

const FOUND = 100;

export const findByStored = byStored({
  name: "find-by-stored",
  question: `What does it cost to find ${FOUND} layers by their ids, by how many the store holds?`,
  fairness: `${FRESH} Each is found with its chain of up to ten, whose chain ids are computed. The command finds one.`,
  contestants: (full, name, { dir, command }) => [
    opened(full, name, async (store) => {
      for (const id of full.some(FOUND)) {
        if ((await store.get(id)).id !== id) throw new Error(`${id} was not found`);
      }
    }),
    commanded("copyup layer show", dir, command, () => ["--root", full.root, "layer", "show", full.some(1)[0]!]),
  ],
});

const ADDED = 10;

export const addByStored = byStored({
  name: "add-by-stored",
  question: `What does it cost to add ${ADDED} layers, by how many the store holds?`,
  fairness: `${FRESH} Each waits for its record to be on the disk. The command adds one.`,
  contestants: (full, name, { dir, command }) => {
    const known = new Set(full.ids);
    const strange = async (store: LayerStore) => (await store.list()).filter(({ id }) => !known.has(id));
    const clear = async () => {
      await using store = await full.open();
      for (const { id } of await strange(store)) await store.remove(id);
    };
    const adding = opened(full, name, async (store) => {
      for (const parent of full.some(ADDED)) await store.prepare({ parent });
    });
    return [
      {
        ...adding,
        verify: async () => {
          await using store = await full.open();
          const added = (await strange(store)).length;
          if (added !== ADDED) throw new Error(`${added} layers added of ${ADDED}`);
        },
        after: async () => {
          await adding.after?.();
          await clear();
        },
      },
      {
        ...commanded("copyup layer create", dir, command, () => ["--root", full.root, "layer", "create"]),
        after: clear,
      },
    ];
  },
});

export const removeByStored = byStored({
  name: "remove-by-stored",
  question: "What does it cost to remove a layer, by how many the store holds?",
  fairness: `${FRESH} A container's layer can be nobody's parent; for a committed one every record has to be looked at, outside the store's lock.`,
  contestants: (full, name) => {
    const removing = (title: string, commit: boolean): Contestant => {
      let id: string | undefined;
      const contestant = opened(full, title, (store) => store.remove(id!));
      return {
        ...contestant,
        before: async () => {
          await using store = await full.open();
          id = (await store.prepare({ parent: full.ids[0]! })).id;
          if (commit) await store.commit(id, { durability: "none" });
          await contestant.before?.();
        },
      };
    };
    return [removing(`${name}, a container's`, false), removing(`${name}, committed`, true)];
  },
});

interface ByStored {
  readonly name: string;
  readonly question: string;
  readonly fairness: string;
  contestants(full: FullStore, name: string, where: { dir: string } & Pick<Choices, "command">): Contestant[];
}

function byStored({ name, question, fairness, contestants }: ByStored): Maker {
  return {
    name,
    question,
    long: true,
    // A layer is six inodes, most with a block.
    roomBytes: ({ stored }) => 30_000 * Math.max(...stored),
    async *make(ground: Ground, { runs, stored, command }) {
      const { name: driver, driver: module } = ground.stands[0]!;
      const full = new FullStore(path.join(ground.dir, name), module);
      for (const at of stored) {
        await full.growTo(at);
        yield {
          ...{ name: `${name}-${at}`, question, fairness, runs },
          growth: { curve: name, along: "layers", at },
          contestants: contestants(full, driver, { dir: ground.dir, command }),
        };
      }
      await full.remove();
    },
  };
}

/** In a store opened for this run. */
function opened(
  full: FullStore,
  name: string,
  act: (store: LayerStore) => Promise<void>,
  before: (store: LayerStore) => Promise<void> = async () => {},
): Contestant {
  let store: LayerStore | undefined;
  return {
    name,
    role: "ours",
    before: async () => {
      store = await full.open();
      await before(store);
    },
    run: () => act(store!),
    after: async () => store?.[Symbol.asyncDispose](),
  };
}

function commanded(name: string, cwd: string, command: Choices["command"], args: () => string[]): Contestant {
  return {
    name,
    role: "command",
    run: () => runProgram([...command, ...args()], { cwd }),
    startUp: () => void runProgram([...command, "--version"], { cwd }),
  };
}

async function requireAll(full: FullStore, store: LayerStore): Promise<void> {
  const { length } = await store.list();
  if (length !== full.ids.length) throw new Error(`${length} layers listed of ${full.ids.length}`);
}
