import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { once } from "../../ground/once.ts";
import { runProgram } from "../../programs/programs.ts";
import type { OwnFigures } from "../../workload.ts";
import type { PeerRoom } from "../peer.ts";

/** One store of containers-storage with one of its drivers, and its command. */
export class StoreCommand {
  readonly room: PeerRoom;
  readonly name: string;
  readonly dir: string;
  readonly #driver: "overlay" | "vfs";
  readonly #many = once(async (_: "many") => {
    this.run("import-layer", "-r", "-i", "many", "-f", (await this.room.many()).tar);
    return "many";
  });

  constructor(room: PeerRoom, driver: "overlay" | "vfs") {
    this.room = room;
    this.#driver = driver;
    this.name = `containers-storage ${driver}`;
    this.dir = path.join(room.dir, driver);
    mkdirSync(this.dir, { recursive: true });
    // Without a file of its own it would take the host's options.
    writeFileSync(this.#configuration, `[storage]\ndriver = "${driver}"\n`);
  }

  /** The id of the layer that holds the tree `many`. */
  many(): Promise<string> {
    return this.#many("many");
  }

  run(verb: string, ...words: string[]): OwnFigures {
    return runProgram(this.argv(verb, ...words), { cwd: this.dir, env: this.env });
  }

  runTo(stdout: string, verb: string, ...words: string[]): OwnFigures {
    return runProgram(this.argv(verb, ...words), { cwd: this.dir, env: this.env, stdout });
  }

  argv(verb: string, ...words: string[]): [string, ...string[]] {
    const run = path.join(this.dir, "run");
    return ["containers-storage", verb, "--graph", this.#graph, "--run", run, "-s", this.#driver, ...words];
  }

  get env(): Readonly<Record<string, string>> {
    return { ...this.room.env, CONTAINERS_STORAGE_CONF: this.#configuration };
  }

  /** Opens the store and does nothing. */
  readonly startUp = () => void this.run("version");

  /** Where a layer's own changes lie; with vfs its whole tree. */
  treeOf(id: string): string {
    return this.#driver === "vfs"
      ? path.join(this.#graph, "vfs/dir", id)
      : path.join(this.#graph, "overlay", id, "diff");
  }

  /** Where a writable layer is mounted. */
  mountOf(id: string): string {
    return this.#driver === "vfs" ? this.treeOf(id) : path.join(this.#graph, "overlay", id, "merged");
  }

  get #graph(): string {
    return path.join(this.dir, "graph");
  }

  get #configuration(): string {
    return path.join(this.dir, "storage.conf");
  }
}
