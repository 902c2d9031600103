import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { MS_RDONLY, mount2, unmount } from "@copyup/linux";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
import { afterEach, describe, expect, test } from "vitest";
import { type Listing, listTree } from "../../archive/test/tree/support/listing.ts";
import { type ImportReport, importFrom } from "../src/index.ts";
import { BASE_TREE, DATED, EDITS } from "./support/base-tree.ts";
import { DockerDaemon } from "./support/docker-daemon.ts";
import { contents } from "./support/fingerprint.ts";
import { has, Scratch } from "./support/scratch.ts";
import { viewOf } from "./support/views.ts";

/** Trees that Docker itself made, with what Docker itself exports. Needs docker.io; run as root in a mount namespace. */
const possible = process.geteuid?.() === 0 && ["dockerd", "containerd", "runc", "docker"].every(has);
let daemon: DockerDaemon | null = null;
afterEach(async () => {
  await daemon?.down();
  daemon = null;
});

/** What a tar by Docker 20.10 holds: no root, whole seconds, and of the xattrs the capabilities. */
function asExported(listing: Listing): Listing {
  const plain = (line: string) =>
    line
      .replace(/^(\S+(?: \d+)? +\d+:\d+ +\d+)\d{9}/, "$1")
      .replace(/ (?:(?:user|system)\.[^= ]+=[0-9a-f]+,?)+/, " ")
      .replace(/(security\.capability=[0-9a-f]+),\S+/, "$1")
      .replace(/ +/g, " ");
  return Object.fromEntries(
    Object.entries(listing)
      .filter(([name]) => name !== ".")
      .map(([name, line]) => [name, plain(line)]),
  );
}

/** Without what Docker binds into a container: it is not in the layers. */
function exported(scratch: Scratch, docker: DockerDaemon, container: string): Listing {
  scratch.sh(`mkdir export-${container}`);
  docker.run(["export", "-o", scratch.at(`${container}.tar`), container]);
  execFileSync("tar", [
    "--xattrs",
    "--xattrs-include=*",
    "-C",
    scratch.at(`export-${container}`),
    "-xpf",
    scratch.at(`${container}.tar`),
  ]);
  return listTree(scratch.at(`export-${container}`));
}

/** An overlay over the very directories that Docker names, as it mounts them itself. */
function mountedAsDocker(scratch: Scratch, home: string, id: string): Listing {
  const lower = readFileSync(path.join(home, id, "lower"), "utf8")
    .split(":")
    .map((name) => path.join(home, name));
  const target = scratch.at("as-docker");
  scratch.sh(`mkdir -p ${target}`);
  mount2("overlay", target, "overlay", MS_RDONLY, `lowerdir=${[path.join(home, id, "diff"), ...lower].join(":")}`);
  try {
    return listTree(target);
  } finally {
    unmount(target);
  }
}

const newIds = ({ layers }: ImportReport) => layers.map(({ oldId, newId }) => `${oldId} ${newId}`);

describe.skipIf(!possible)("made by docker", () => {
  for (const driver of ["overlay2", "vfs"]) {
    test(`docker-${driver}`, async ({ skip }) => {
      const scratch = new Scratch();
      daemon = new DockerDaemon(scratch, driver);
      const why = await daemon.up();
      skip(why !== null, `dockerd does not start here: ${why}`);
      scratch.sh(`mkdir base; cd base; ${BASE_TREE}`);
      const tar = execFileSync(
        "tar",
        ["--xattrs", "--xattrs-include=security.*", "-C", scratch.at("base"), "-c", "."],
        { maxBuffer: 2 ** 28 },
      );
      daemon.run(["import", "-", "base:1"], tar);
      const run = (name: string, image: string, script: string) =>
        daemon!.run([
          "run",
          "--name",
          name,
          "--network",
          "none",
          "--log-driver",
          "none",
          image,
          "/bin/busybox",
          "sh",
          "-ec",
          script,
        ]);
      // Busybox's find and touch are not GNU's; a container has no setfattr.
      const applets = 'for a in rm mkdir mv ln chmod; do eval "$a() { busybox $a \\"\\$@\\"; }"; done;';
      const edits = EDITS.replace(DATED, "").replace(/setfattr[^;]*; /, "");
      run("one", "base:1", `cd /; ${applets} ${edits}`);
      daemon.run(["commit", "one", "base:2"]);
      run("two", "base:2", `cd /; ${applets} rm -r e; mkdir e; echo again > e/again; rm c; mv was-file moved`);
      const views = { one: exported(scratch, daemon, "one"), two: exported(scratch, daemon, "two") };
      await daemon.down();

      const held = contents(daemon.root);
      const store = await scratch.store(plainCopy);
      const report = await importFrom(store, `docker-${driver}`, daemon.root, { containers: true });
      expect(report.failed).toEqual([]);
      expect(report.layers).toHaveLength(6);
      const named = (wanted: string) => report.layers.find(({ names }) => names.includes(wanted))!.oldId;
      expect([named("base:1"), named("base:2")]).toHaveLength(2);
      for (const container of ["one", "two"] as const) {
        expect(asExported(await viewOf(store, report, named(container)))).toEqual(asExported(views[container]));
      }
      if (driver === "overlay2") {
        const kernels = await scratch.store(overlay2);
        const again = await importFrom(kernels, "docker-overlay2", path.join(daemon.root, "overlay2"), {
          containers: true,
        });
        for (const { oldId } of again.layers.filter((layer) => layer.oldId !== named("base:1"))) {
          const real = mountedAsDocker(scratch, path.join(daemon.root, "overlay2"), oldId);
          expect(await viewOf(kernels, again, oldId)).toEqual(real);
          expect(await viewOf(store, report, oldId)).toEqual(real);
        }
      }
      expect(newIds(await importFrom(store, `docker-${driver}`, daemon.root, { containers: true }))).toEqual(
        newIds(report),
      );
      const imagesOnly = await importFrom(store, `docker-${driver}`, daemon.root);
      expect(imagesOnly.layers).toHaveLength(2);
      expect(imagesOnly.leftOut).toHaveLength(4);
      expect(contents(daemon.root)).toBe(held);
    });
  }
});
