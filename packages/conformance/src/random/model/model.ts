import { linkSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import path from "node:path";
import { type Comparison, copyTree, removeTree } from "@copyup/archive";
import {
  AT_FDCWD,
  closeFd,
  fstat,
  getXattr,
  isSystemError,
  lstatAt,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
  openAt,
  S_IFDIR,
  S_IFMT,
  Stat,
  setMtimeAt,
  tryLstatAt,
} from "@copyup/linux";
import { snapshotTree, type Tree } from "../../tree/snapshot.ts";
import { Ground } from "../ground.ts";
import type { Place } from "../place.ts";
import { LowerInodes } from "./lower-inodes.ts";
import { type Name, nameAt } from "./name-at.ts";

/** The plain directory a program runs on, and what of it a union driver would have in a lower layer. */
export class Model {
  /** The tree as it is. */
  readonly root: string;
  readonly ground: Ground;
  readonly #directory: string;
  readonly #lower = new LowerInodes();
  #committed = false;

  /** `directory` is made, and the model's own. */
  constructor(directory: string, names: readonly Buffer[]) {
    mkdirSync(directory);
    this.#directory = directory;
    this.root = `${directory}/tree`;
    mkdirSync(this.root, { mode: 0o755 });
    this.ground = new Ground(this.root, names);
  }

  snapshot(): Tree {
    return snapshotTree(this.root);
  }

  /** The layer as two plain directories: the canonical archive is a function of them. */
  get comparison(): Comparison {
    const part = (dir: string) => [{ dir, dialect: "tree" as const }];
    return { above: part(this.root), below: this.#committed ? part(this.#previous) : null };
  }

  get #previous(): string {
    return `${this.#directory}/parent`;
  }

  /** From now on what is there lies in a lower layer. */
  async commit(tree: Tree, keepParent: boolean): Promise<void> {
    this.#lower.clear();
    for (const name of tree.keys()) this.#lower.add(this.#full(name));
    if (!keepParent) return;
    if (this.#committed) await removeTree(this.#previous);
    mkdirSync(this.#previous);
    await copyTree(this.root, this.#previous);
    this.#committed = true;
  }

  /** `name` relative to the root, latin1. */
  setTime(name: string, ns: bigint): void {
    const nanoseconds = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    setMtimeAt(AT_FDCWD, this.#full(name), Number((ns - nanoseconds) / 1_000_000_000n), Number(nanoseconds));
  }

  #full(name: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.root}/`), Buffer.from(name, "latin1")]);
  }

  /** The type bits of what is there, null where there is nothing. */
  typeOf(place: Place): number | null {
    try {
      const stat = tryLstatAt(this.ground.fd, this.ground.at(place));
      return stat === null ? null : stat.mode & S_IFMT;
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
  }

  isLower(place: Place): boolean {
    return this.typeOf(place) !== null && this.#lower.has(this.ground.full(place));
  }

  /** The same for a path as a snapshot tells it. */
  isLowerName(name: string): boolean {
    return this.#lower.has(this.#full(name));
  }

  isLowerDirectory(place: Place): boolean {
    return this.typeOf(place) === S_IFDIR && this.isLower(place);
  }

  /** Is it one of several names of a lower inode? */
  isLowerLink(place: Place): boolean {
    return this.isLower(place) && this.typeOf(place) !== S_IFDIR && this.#stat(place).nlink > 1;
  }

  hasXattr(place: Place, name: string): boolean {
    return this.typeOf(place) !== null && getXattr(this.ground.full(place), name) !== null;
  }

  /** The same name, by whatever path. */
  sameName(a: Place, b: Place): boolean {
    const [x, y] = [nameAt(this.ground, a), nameAt(this.ground, b)];
    return x !== null && y !== null && x.parent === y.parent && x.name.equals(y.name);
  }

  /** Two names of one inode. */
  sameFile(a: Place, b: Place): boolean {
    return this.typeOf(a) !== null && this.typeOf(b) !== null && this.#stat(a).key === this.#stat(b).key;
  }

  markCopiedUp(place: Place): void {
    if (this.typeOf(place) !== null) this.#lower.copiedUp(this.ground.full(place));
  }

  /**
   * A name of a lower hard link group becomes a file of its own, equal to what it was, and descriptors opened by that name
   * are on it: they saw the name's own inode all along.
   */
  async breakLink(place: Place): Promise<void> {
    const name = nameAt(this.ground, place);
    if (name === null) return;
    const { key } = this.#stat(place);
    const held = [...this.ground.held].filter(([, { fd, place }]) => this.#isHeldBy(fd, place, name, key));
    const directory = lstatAt(AT_FDCWD, name.directory, new Stat());
    await this.#replaceByCopy(name);
    setMtimeAt(AT_FDCWD, name.directory, directory.mtimeSec, directory.mtimeNsec);
    for (const [slot, { fd, writable, place }] of held) {
      closeFd(fd);
      const again = openAt(AT_FDCWD, name.path, (writable ? O_RDWR : O_RDONLY) | O_NOFOLLOW);
      this.ground.held.set(slot, { fd: again, writable, place });
    }
  }

  #isHeldBy(fd: number, place: Place, name: Name, key: string): boolean {
    if (fstat(fd, new Stat()).key !== key) return false;
    const other = nameAt(this.ground, place);
    return other !== null && other.parent === name.parent && other.name.equals(name.name);
  }

  async #replaceByCopy(name: Name): Promise<void> {
    const from = `${this.#directory}/link`;
    const to = `${this.#directory}/copy`;
    mkdirSync(from);
    mkdirSync(to);
    linkSync(name.path, path.join(from, "x"));
    await copyTree(from, to);
    renameSync(path.join(to, "x"), name.path);
    unlinkSync(path.join(from, "x"));
    rmdirSync(from);
    rmdirSync(to);
  }

  #stat(place: Place): Stat {
    return lstatAt(this.ground.fd, this.ground.at(place), new Stat());
  }

  async close(): Promise<void> {
    this.#lower.clear();
    this.ground.close();
    await removeTree(this.#directory);
  }
}
