import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { type Progress, supported } from "@copyup/core";
import { describeDirectory, describeHost, listXattrs, setXattr } from "@copyup/linux";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { create, openAt } from "./layers.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/plain-copy-`);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Name, type and mode, mtime, links, and content of everything below. */
function look(path: string): string[] {
  const lines: string[] = [];
  const walk = (at: string) => {
    for (const name of readdirSync(`${path}/${at}`).sort()) {
      const stat = lstatSync(`${path}/${at}${name}`, { bigint: true });
      const content = stat.isFile() ? readFileSync(`${path}/${at}${name}`, "utf8") : "";
      lines.push(
        `${at}${name} ${stat.mode.toString(8)} ${stat.mtimeNs} ${stat.isDirectory() ? "" : stat.nlink} ${content}`,
      );
      if (stat.isDirectory()) walk(`${at}${name}/`);
    }
  };
  walk("");
  return lines;
}

function fill(tree: string): void {
  mkdirSync(`${tree}/d`, { mode: 0o750 });
  writeFileSync(`${tree}/d/f`, "content", { mode: 0o640 });
  linkSync(`${tree}/d/f`, `${tree}/link`);
  symlinkSync("d/f", `${tree}/symlink`);
  utimesSync(`${tree}/d/f`, 1, 1234.567);
  utimesSync(`${tree}/d`, 1, 7);
  chmodSync(tree, 0o711);
  utimesSync(tree, 1, 5);
}

describe("create", () => {
  it("makes an empty root of mode 0755 for a base, whatever the umask", async () => {
    const umask = process.umask(0o077);
    try {
      const base = await create(await openAt(root), root, "base", null);
      const stat = lstatSync(`${base.body}/tree`);
      expect([stat.mode & 0o7777, stat.mtimeMs, readdirSync(base.body)]).toEqual([0o755, 0, ["tree"]]);
    } finally {
      process.umask(umask);
    }
  });

  it("copies the parent's tree, root included, and stamps the copy", async () => {
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    const [from, to] = [`${base.body}/tree`, `${root}/layers/child/body/tree`];
    fill(from);
    const child = await create(opened, root, "child", base);
    expect(look(to)).toEqual(look(from));
    expect([lstatSync(to).mode & 0o7777, lstatSync(to).mtimeMs]).toEqual([0o711, 5000]);
    expect(lstatSync(`${to}/d/f`).ino).toBe(lstatSync(`${to}/link`).ino);
    expect(lstatSync(`${to}/d/f`).ino).not.toBe(lstatSync(`${from}/d/f`).ino);
    const { copied, ...access } = opened.access(child);
    expect(access).toEqual({ kind: "tree", dir: to, dialect: "tree" });
    expect(copied?.directories).toBe(`${child.body}/directories.bin`);
    // Nothing of the copy is later than the stamp, and what is changed now is.
    const ctime = () => lstatSync(`${to}/d/f`, { bigint: true }).ctimeNs;
    expect(ctime()).toBeLessThanOrEqual(copied!.ctimeNs);
    chmodSync(`${to}/d/f`, 0o600);
    expect(ctime()).toBeGreaterThan(copied!.ctimeNs);
  });

  it("copies nothing when the content comes from an archive, but the root's attributes", async () => {
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    fill(`${base.body}/tree`);
    const child = await create(opened, root, "child", base, true);
    expect(readdirSync(`${child.body}/tree`)).toEqual([]);
    expect([lstatSync(`${child.body}/tree`).mode & 0o7777, lstatSync(`${child.body}/tree`).mtimeMs]).toEqual([
      0o711, 5000,
    ]);
    expect(opened.access(child).copied).toBeUndefined();
  });

  it("gives a directory the parent's xattrs and no more", async ({ skip }) => {
    if (!describeDirectory(root).xattrs.user) skip("no user xattrs here");
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    for (const path of [`${base.body}/tree`, `${base.body}/tree/d`]) {
      mkdirSync(path, { recursive: true });
      setXattr(path, "user.a", "1");
    }
    const child = await create(opened, root, "child", base);
    expect([listXattrs(`${child.body}/tree`), listXattrs(`${child.body}/tree/d`)]).toEqual([["user.a"], ["user.a"]]);
  });

  it("ends with the signal's reason", async () => {
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    const reason = new Error("enough");
    mkdirSync(`${root}/staged`);
    await expect(opened.create({ dir: `${root}/staged` }, base, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it("reports what it copies", async () => {
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    for (let i = 0; i < 20; i++) writeFileSync(`${base.body}/tree/${i}`, "x");
    const seen: string[] = [];
    mkdirSync(`${root}/staged`);
    const onProgress = ({ phase, entries, bytes }: Progress) => seen.push(`${phase} ${entries} ${bytes}`);
    await opened.create({ dir: `${root}/staged` }, base, { onProgress });
    expect(seen).toContain("copy 20 20");
  });
});

describe("a stamp that cannot be read", () => {
  it.each(["", "{", '{"ctimeNs":1}', "null"])("%j counts for nothing", async (text) => {
    const opened = await openAt(root);
    const base = await create(opened, root, "base", null);
    const child = await create(opened, root, "child", base);
    writeFileSync(`${child.body}/stamp.json`, text);
    expect(opened.access(child).copied).toBeUndefined();
  });
});

describe("the driver", () => {
  it("takes no options", async () => {
    const directories = { root, layers: `${root}/layers`, scratch: `${root}/scratch` };
    await expect(driver.open(directories, { size: 1 })).rejects.toMatchObject({
      code: "BAD_OPTION",
      driver: "plain-copy",
    });
  });

  it("works wherever a directory can be written, and leaves nothing there", async () => {
    const findings = await driver.probe(describeDirectory(root), describeHost());
    expect(supported(findings)).toBe(true);
    expect(new Set(findings.map(({ feature }) => feature))).toEqual(
      new Set(["writable", "bind-mount", "ownership", "xattr", "reflink"]),
    );
    for (const { ok, fix } of findings) expect(fix === null).toBe(ok);
    expect(readdirSync(root)).toEqual([]);
  });

  it("says where it cannot write", async () => {
    const directory = { ...describeDirectory(root), path: `${root}/nowhere` };
    const findings = await driver.probe(directory, describeHost());
    expect(supported(findings)).toBe(false);
    expect(findings.find(({ required, ok }) => required && !ok)).toMatchObject({
      feature: "writable",
      kind: "prerequisite",
    });
    expect(existsSync(directory.path)).toBe(false);
  });

  it("declares that views can be written only where it cannot mount", async () => {
    const directory = describeDirectory(root);
    const binds = (await driver.probe(directory, describeHost())).find(({ feature }) => feature === "bind-mount")?.ok;
    const { deviations } = driver.profile(directory, describeHost());
    expect(deviations.some(({ check }) => check === "LA11")).toBe(!binds);
  });
});
