import { linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describeHost } from "@copyup/linux";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { upperInUse } from "../src/busy.ts";
import { createBody } from "../src/create.ts";
import { pseudoLinked } from "../src/pseudo-links.ts";
import { clearLeftovers, tryClearLeftovers } from "../src/seal.ts";
import { layerAt } from "./layers.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/aufs-`);
});
afterEach(() => rmSync(root, { recursive: true }));

const OWN = [".wh..wh.aufs", ".wh..wh.orph", ".wh..wh.plnk"];

function create(name: string, parent: string | null = null, receive = false): string {
  const dir = `${root}/${name}`;
  mkdirSync(dir);
  createBody({ dir }, parent === null ? null : layerAt(parent), { receive });
  return dir;
}

const mode = (path: string) => lstatSync(path).mode & 0o7777;

describe("a new layer", () => {
  it("has what aufs would make at its first mount, whatever the umask, so that its root's time stays", () => {
    const umask = process.umask(0o077);
    try {
      const body = create("base");
      const diff = `${body}/diff`;
      expect(readdirSync(diff)).toEqual(OWN);
      expect(OWN.map((name) => mode(`${diff}/${name}`))).toEqual([0o444, 0o700, 0o700]);
      expect([mode(diff), lstatSync(diff).mtimeMs, lstatSync(`${diff}/${OWN[0]}`).size]).toEqual([0o755, 0, 0]);
    } finally {
      process.umask(umask);
    }
  });

  it("has its parent's mode and time at the root", () => {
    const parent = create("parent");
    utimesSync(`${parent}/diff`, 5, 1234.5);
    expect(lstatSync(`${create("child", parent)}/diff`).mtimeMs).toBe(1_234_500);
  });

  it("is empty where an archive is to come", () => {
    expect(readdirSync(`${create("received", null, true)}/diff`)).toEqual([]);
  });
});

describe("after a mount", () => {
  it("pseudo-links are read by the inode that the mount showed", () => {
    const diff = `${create("l")}/diff`;
    for (const name of ["12.7", "18446744073709551615.3", "junk", "1.2.3"])
      writeFileSync(`${diff}/.wh..wh.plnk/${name}`, "");
    expect([...pseudoLinked(layerAt(`${root}/l`))].sort()).toEqual(["12", "18446744073709551615"]);
    expect(pseudoLinked(layerAt(`${root}/nowhere`)).size).toBe(0);
  });

  it("pseudo-links and orphans are removed, the files they were links of stay", async () => {
    const body = create("l");
    const diff = `${body}/diff`;
    writeFileSync(`${diff}/f`, "content");
    linkSync(`${diff}/f`, `${diff}/.wh..wh.plnk/9.4`);
    mkdirSync(`${diff}/.wh..wh.orph/.wh.d/x`, { recursive: true });
    linkSync(`${diff}/.wh..wh.aufs`, `${diff}/.wh.gone`);
    utimesSync(diff, 0, 777);
    await clearLeftovers(layerAt(body));
    expect([readdirSync(diff), lstatSync(diff).mtimeMs]).toEqual([[...OWN, ".wh.gone", "f"], 777_000]);
    expect([lstatSync(`${diff}/f`).nlink, readdirSync(`${diff}/.wh..wh.plnk`)]).toEqual([1, []]);
    expect(readdirSync(`${diff}/.wh..wh.orph`)).toEqual([]);
  });

  it("what cannot be tidied is no error of the unmount", async () => {
    await tryClearLeftovers(layerAt(`${root}/nowhere`));
    writeFileSync(`${root}/diff`, "a file");
    await tryClearLeftovers(layerAt(root));
  });

  it("nothing uses a layer where the kernel has no aufs", ({ skip }) => {
    if (describeHost().filesystems.includes("aufs")) skip("this kernel has aufs");
    expect(upperInUse(layerAt(root))).toBe(false);
  });
});
