import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { packLayer, removeTree } from "@copyup/archive";
import { AT_FDCWD, closeFd, O_CREAT, O_TRUNC, O_WRONLY, openAt, writeFd } from "@copyup/linux";
import { runProgram } from "../../programs/programs.ts";
import { type OciImage, writeOciLayout } from "../oci-layout.ts";
import type { LayerArchive, PeerRoom } from "../peer.ts";
import type { Daemon } from "./daemon.ts";

export type Snapshotter = "overlayfs" | "native";

/** `ctr`, in one of containerd's namespaces: what lies in another is not there. */
export class Client {
  readonly room: PeerRoom;
  readonly daemon: Daemon;
  readonly #namespace: string;

  constructor(room: PeerRoom, daemon: Daemon, namespace: string) {
    this.room = room;
    this.daemon = daemon;
    this.#namespace = namespace;
  }

  /** Where the daemon keeps the archives of its images. */
  get content(): string {
    return path.join(this.room.dir, "root/io.containerd.content.v1.content");
  }

  /** Where the daemon keeps what a snapshotter made of them. */
  snapshotsOf(snapshotter: Snapshotter): string {
    return path.join(this.room.dir, `root/io.containerd.snapshotter.v1.${snapshotter}`);
  }

  run(...words: string[]): void {
    runProgram(this.argv(...words), { cwd: this.room.dir, env: this.room.env });
  }

  /** What it prints. */
  ask(...words: string[]): string {
    const stdout = path.join(this.room.dir, "said");
    this.runTo(stdout, ...words);
    return readFileSync(stdout, "utf8");
  }

  runTo(stdout: string, ...words: string[]): void {
    runProgram(this.argv(...words), { cwd: this.room.dir, env: this.room.env, stdout });
  }

  argv(...words: string[]): [string, ...string[]] {
    return ["ctr", "-a", this.daemon.socket, "-n", this.#namespace, ...words];
  }

  snapshots(snapshotter: Snapshotter, verb: string, ...words: string[]): string[] {
    return ["snapshots", "--snapshotter", snapshotter, verb, ...words];
  }

  /** Asks the daemon for its version, and does nothing. */
  readonly startUp = () => this.run("version");

  readonly servants = () => [this.daemon.pid];

  /** Takes layers in as the image `copyup.bench/NAME:latest`; none is unpacked. */
  async importImage(name: string, layers: readonly Pick<LayerArchive, "file" | "compression">[]): Promise<OciImage> {
    const layout = path.join(this.room.dir, `oci-${name}`);
    const image = await writeOciLayout(layout, layers);
    const tar = `${layout}.tar`;
    const fd = openAt(AT_FDCWD, tar, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    try {
      for await (const piece of packLayer({ above: [{ dir: layout, dialect: "tree" }], below: null }))
        writeFd(fd, piece);
    } finally {
      closeFd(fd);
    }
    this.run("images", "import", "--no-unpack", "--base-name", `copyup.bench/${name}`, tar);
    rmSync(tar);
    await removeTree(layout);
    return image;
  }

  unpack(snapshotter: Snapshotter, { digest }: OciImage): void {
    this.run("snapshots", "unpack", "--snapshotter", snapshotter, digest);
  }

  remove(snapshotter: Snapshotter, key: string): void {
    this.run(...this.snapshots(snapshotter, "rm", key));
  }

  /** Removed snapshots lie there until the garbage is collected: now, for a lease that is deleted so. */
  collect(): void {
    this.run("leases", "create", "--id", "copyup-bench");
    this.run("leases", "delete", "--sync", "copyup-bench");
  }
}
