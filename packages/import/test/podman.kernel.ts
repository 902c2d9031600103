import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { DriverModule } from "@copyup/core";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
import { describe, expect, test } from "vitest";
import { type Listing, listTree } from "../../archive/test/tree/support/listing.ts";
import { importFrom } from "../src/index.ts";
import { BASE_TREE, DATED, EDITS } from "./support/base-tree.ts";
import { contents, fingerprint } from "./support/fingerprint.ts";
import { has, Scratch } from "./support/scratch.ts";
import { viewOf } from "./support/views.ts";

/**
 * Trees that Podman itself made, with what Podman itself shows. Needs podman; run as root in a mount namespace. No container is
 * started: an image's root is edited where `podman mount` puts it.
 */
const FUSE = "/usr/bin/fuse-overlayfs";
const ways: [string, readonly string[], boolean][] = [
  ["overlay", ["--storage-driver", "overlay"], true],
  [
    "overlay by fuse-overlayfs",
    ["--storage-driver", "overlay", "--storage-opt", `overlay.mount_program=${FUSE}`],
    existsSync(FUSE) && existsSync("/dev/fuse"),
  ],
  [
    "overlay with metacopy and redirects",
    ["--storage-driver", "overlay", "--storage-opt", "overlay.mountopt=nodev,metacopy=on"],
    true,
  ],
  ["vfs", ["--storage-driver", "vfs"], true],
];
const root = process.geteuid?.() === 0;

class Podman {
  readonly scratch: Scratch;
  private readonly driver: readonly string[];

  constructor(scratch: Scratch, driver: readonly string[]) {
    this.scratch = scratch;
    this.driver = driver;
  }

  run(args: readonly string[], input?: Buffer): string {
    const places = ["--root", this.scratch.at("storage"), "--runroot", this.scratch.at("run")];
    const all = [...places, ...this.driver, "--cgroup-manager", "cgroupfs", "--events-backend", "none", ...args];
    return execFileSync("podman", all, {
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
      ...(input ? { input } : {}),
    }).trim();
  }

  /** Null where it works; else what it said. */
  whyNot(): string | null {
    try {
      this.run(["info"]);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** What a container's root looks like, after an edit. */
  shown(container: string, edit = ""): Listing {
    const merged = this.run(["mount", container]);
    try {
      this.scratch.sh(edit, merged);
      return listTree(merged);
    } finally {
      this.run(["unmount", container]);
    }
  }

  image(name: string): Listing {
    const merged = this.run(["image", "mount", name]);
    try {
      return listTree(merged);
    } finally {
      this.run(["image", "unmount", name]);
    }
  }
}

describe.skipIf(!root || !has("podman"))("containers-storage, made by podman", () => {
  for (const [name, driver, possible] of ways) {
    test.skipIf(!possible)(name, async ({ skip }) => {
      const scratch = new Scratch();
      const podman = new Podman(scratch, driver);
      const why = podman.whyNot();
      skip(why !== null, `podman does not work here: ${why}`);
      scratch.sh(`mkdir base; cd base; ${BASE_TREE}`);
      const tar = execFileSync(
        "tar",
        ["--xattrs", "--xattrs-include=*", "--acls", "-C", scratch.at("base"), "-c", "."],
        { maxBuffer: 2 ** 28 },
      );
      podman.run(["import", "-q", "-", "base:1"], tar);
      const create = (container: string, image: string) =>
        podman.run(["create", "--name", container, "--network", "none", image, "/bin/sh"]);
      const views: Record<string, Listing> = {};
      create("untouched", "base:1");
      views.untouched = podman.shown("untouched");
      create("one", "base:1");
      views.one = podman.shown("one", EDITS);
      podman.run(["commit", "-q", "one", "base:2"]);
      create("two", "base:2");
      views.two = podman.shown("two", `rm -r e; mkdir e; echo again > e/again; rm c; mv was-file moved; ${DATED}`);
      for (const image of ["base:1", "base:2"]) views[image] = podman.image(image);
      const before = fingerprint(scratch.at("storage"));
      const held = contents(scratch.at("storage"));
      if (name.includes("metacopy")) {
        for (const mark of ["redirect", "metacopy"]) expect(held).toContain(`trusted.overlay.${mark}=`);
      }

      for (const into of [plainCopy, overlay2] as DriverModule[]) {
        const store = await scratch.store(into);
        const report = await importFrom(store, "containers-storage", scratch.at("storage"), { containers: true });
        expect(report.failed).toEqual([]);
        const byName = (wanted: string) =>
          report.layers.find(({ names }) => names.some((one) => one.includes(wanted)))!.oldId;
        for (const container of ["untouched", "one", "two"]) {
          expect(await viewOf(store, report, byName(container)), container).toEqual(views[container]);
        }
        for (const image of ["base:1", "base:2"]) {
          expect(await viewOf(store, report, byName(`localhost/${image}`)), image).toEqual(views[image]);
        }
        expect(report.layers).toHaveLength(5);
        const again = await importFrom(store, "containers-storage", scratch.at("storage"), { containers: true });
        expect(again.layers.map(({ newId, reused }) => [newId, reused])).toEqual(
          report.layers.map(({ newId }) => [newId, true]),
        );
        expect((await store.check()).problems).toEqual([]);
      }
      expect(contents(scratch.at("storage"))).toBe(held);
      expect(withoutAtime(fingerprint(scratch.at("storage")))).toBe(withoutAtime(before));
    });
  }
});

/** `contents` has read the files since; that access times stay is docker-aufs.test.ts's. */
function withoutAtime(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.split(" ").length > 3)
    .join("\n");
}
