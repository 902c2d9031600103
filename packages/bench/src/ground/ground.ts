import { mkdirSync, unlinkSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree, type Tree } from "@copyup/conformance";
import type { DriverModule, Host } from "@copyup/core";
import { type Guests, inviteGuests, NO_GUESTS } from "../peers/guests.ts";
import { buildYardsticks, type Yardsticks } from "../yardstick/build-yardsticks.ts";
import { type Many, makeMany } from "./many.ts";
import { once } from "./once.ts";
import { packTree } from "./pack-tree.ts";
import { makeStand, type Stand } from "./stand.ts";

/** The tree `many` as a directory and as its canonical layer tar. */
export interface ManyTree extends Many {
  readonly tree: string;
  readonly tar: string;
}

export interface PlantedTree extends ManyTree {
  /** With its tar. */
  remove(): Promise<void>;
}

/** All that the workloads measure with; everything dear is made when the first workload asks for it. */
export interface Ground {
  /** A directory on the filesystem measured, which has nothing else on it. */
  readonly dir: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly yardsticks: Yardsticks;
  readonly stands: readonly Stand[];
  many(): Promise<ManyTree>;
  /** The tree `many` as it is to come out wherever it is extracted or copied. */
  expected(): Promise<Tree>;
  /** Other people's programs, as far as they were asked for. */
  readonly guests: Guests;
  /** A tree like `many` of another size; it is the caller's to remove. */
  plant(name: string, scale: number): Promise<PlantedTree>;
  say(text: string): void;
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly dir: string;
  readonly host: Host;
  readonly drivers: readonly DriverModule[];
  readonly scale: number;
  readonly peers: boolean;
  readonly signal: AbortSignal;
  say(text: string): void;
}

export async function makeGround(options: GroundOptions): Promise<Ground> {
  const { dir, host, drivers, say, signal } = options;
  say("building the yardsticks");
  const yardsticks = buildYardsticks(path.join(dir, "yardsticks"));
  const plant = (name: string, scale: number) => plantTree(options, name, scale);
  const many = once(async (_: "many") => {
    say("making the tree");
    return plant("many", options.scale);
  });
  const expected = once(async (_: "many") => snapshotTree((await many("many")).tree));
  const tar = async () => (await many("many")).tar;
  const stands: Stand[] = [];
  const room = {
    dir: path.join(dir, "peers"),
    env: {},
    signal,
    many: () => many("many"),
    expected: () => expected("many"),
  };
  const guests = options.peers ? inviteGuests(room) : NO_GUESTS;
  const close = async () => {
    await guests.close();
    for (const { store } of stands) await store[Symbol.asyncDispose]();
  };
  try {
    for (const driver of drivers) {
      const root = path.join(dir, "stores", driver.name);
      stands.push(await makeStand({ driver, root, tar, lossy: !host.fullRoot, signal }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { dir, host, signal, yardsticks, stands, many: room.many, expected: room.expected, guests, plant, say, close };
}

/** A tree and its canonical layer tar. */
async function plantTree({ dir, host, signal }: GroundOptions, name: string, scale: number): Promise<PlantedTree> {
  const [tree, tar] = [path.join(dir, name), path.join(dir, `${name}.tar`)];
  mkdirSync(tree);
  const many = makeMany(tree, { scale, owners: host.fullRoot });
  await packTree(tree, tar, "none", signal);
  const remove = async () => {
    await removeTree(tree);
    unlinkSync(tar);
  };
  return { ...many, tree, tar, remove };
}
