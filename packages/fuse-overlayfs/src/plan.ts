import { relative } from "node:path";
import { type Layer, type MountMode, type MountPlan, StorageError, TARGET } from "@copyup/core";
import { diffOf, emptyOf, workOf } from "./layout.ts";
import { ALWAYS, joinOptions } from "./mount-options.ts";

/** MAX_ARG_STRLEN less its NUL: all lowers stand in one argument, and a longer one is E2BIG (execve(2)). */
const ARGUMENT_MAX_BYTES = 131_071;

/**
 * The longest layer id gives a lower of 76 bytes with its colon, so that many always fit into one argument; with ids of usual
 * length twice as many would. The daemon itself knows no limit but the descriptors it may have open.
 */
export const MAX_PARENTS = 1700;

const START_MS = 30_000;

/**
 * The mount of a chain, nearest layer first. Pure. The daemon is started in the directory of the layers and named them
 * relative to it: short, and whatever characters the store's own path holds, a lower's has none to be escaped.
 */
export function planChain(chain: readonly Layer[], mode: MountMode, layers: string): MountPlan {
  const head = chain[0];
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  requireDialect(chain);
  const lowers = (mode === "rw" ? chain.slice(1) : chain).map(diffOf);
  if (lowers.length === 0) lowers.push(emptyOf(head));
  const here = (path: string) => relative(layers, path);
  const optionsFor = (place: (path: string) => string) => [
    ...(mode === "rw" ? [`upperdir=${place(diffOf(head))}`, `workdir=${place(workOf(head))}`] : ["ro"]),
    `lowerdir=${lowers.map(place).join(":")}`,
    ...ALWAYS,
  ];
  const options = joinOptions(optionsFor(here));
  if (options.length > ARGUMENT_MAX_BYTES) throw tooMany(lowers.length, head);
  const absolute = optionsFor((path) => path);
  // containerd's clients join options with commas, and a colon cannot be escaped.
  const sayable = [head, ...chain].every(({ body }) => !/[,:\\]/.test(body));
  return {
    steps: [
      {
        type: "daemon",
        argv: ["fuse-overlayfs", "-o", options, TARGET],
        foreground: ["-f"],
        cwd: layers,
        readyWhen: { mounted: "fuse.fuse-overlayfs", withinMs: START_MS },
        undo: "unmount",
        helper: sayable ? { type: "fuse3.fuse-overlayfs", source: "overlay", options: absolute } : null,
      },
    ],
  };
}

function tooMany(lowers: number, head: Layer): StorageError {
  return new StorageError({
    code: "TOO_MANY_LAYERS",
    op: "mount",
    driver: "fuse-overlayfs",
    layer: head.id,
    message: `the mount would have ${lowers} lower directories: their names do not fit into one argument of the program`,
    hint: "make one base of the chain: mount a view of an ancestor and `copyup layer import` it",
  });
}

function requireDialect(chain: readonly Layer[]): void {
  const odd = chain.find((layer) => layer.dialect !== "fuse-overlayfs");
  if (odd === undefined) return;
  throw new StorageError({
    code: "STORE_FORMAT",
    op: "mount",
    driver: "fuse-overlayfs",
    layer: odd.id,
    message: `layer ${odd.id} is written in the dialect ${odd.dialect}, which is not fuse-overlayfs'`,
  });
}
