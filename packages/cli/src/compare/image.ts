import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import { TarFile } from "./tar-file.ts";

export interface Image {
  /** Layer tars, base first. */
  readonly layers: readonly string[];
  readonly description: string;
}

const LARGEST_DEPENDENCY_FILE = 4 * 1024 * 1024;

/**
 * A four-layer image of real files: the Node runtime that runs this command; the dependencies installed beside it; copyup
 * itself; and on top edits, deletions and a replaced directory. Owned by root, with a device and a setuid program, as images
 * are.
 */
export function makeImage(dir: string): Image {
  const dependencies = dependenciesDirectory();
  const files = ["runtime", "dependencies", "copyup", "edits"].map((name, i) => path.join(dir, `${i + 1}-${name}.tar`));
  const [runtime, libraries, application, edits] = files as [string, string, string, string];
  writeRuntime(runtime);
  const packages = writeTree(libraries, dependencies, "app/node_modules");
  writeTree(application, path.resolve(import.meta.dirname), "app/copyup");
  writeEdits(edits, packages);
  return {
    layers: files,
    description: `four layers made from Node ${process.version} and ${packages.length} files of its dependencies`,
  };
}

/** The node_modules this command runs from: pnpm's flat directory of real packages where there is one. */
function dependenciesDirectory(): string {
  for (let dir = import.meta.dirname; dir !== path.dirname(dir); dir = path.dirname(dir)) {
    const pnpm = path.join(dir, "node_modules/.pnpm");
    if (existsSync(pnpm)) return pnpm;
  }
  return path.resolve(import.meta.dirname);
}

function writeRuntime(file: string): void {
  const tar = new TarFile(file);
  tar.add("", { type: "directory" });
  for (const dir of ["bin", "dev", "etc", "usr", "usr/bin", "usr/lib"]) tar.add(dir, { type: "directory" });
  tar.add("lib", { type: "symlink", link: "usr/lib" });
  tar.add("dev/null", { type: "char", mode: 0o666, device: [1, 3] });
  tar.add("etc/passwd", { data: Buffer.from("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n") });
  tar.add("etc/os-release", {
    data: Buffer.from('ID=copyup\nPRETTY_NAME="copyup\'s demonstration image"\n'),
    mtimeNsec: 123_456_789,
  });
  tar.addFile("usr/bin/node", process.execPath, 0o755, lstatSync(process.execPath).mtimeMs);
  tar.add("usr/bin/nodejs", { type: "hardlink", link: "usr/bin/node" });
  tar.add("bin/node", { type: "symlink", link: "../usr/bin/node" });
  tar.add("usr/bin/as-root", {
    mode: 0o4755,
    data: Buffer.from("#!/bin/sh\nexec id\n"),
    xattrs: { "user.comment": "setuid on purpose" },
  });
  tar.close();
}

/** Packs a host tree below a path of the image; gives the paths of its files. Large files are left out. */
function writeTree(file: string, source: string, below: string): string[] {
  const tar = new TarFile(file);
  const written: string[] = [];
  const parents = below.split("/");
  for (let i = 1; i <= parents.length; i++) tar.add(parents.slice(0, i).join("/"), { type: "directory" });
  const visit = (from: string, to: string) => {
    for (const entry of readdirSync(from, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // The runtime is the layer below.
      if (entry.name.startsWith("node-linux-")) continue;
      const source = path.join(from, entry.name);
      const target = `${to}/${entry.name}`;
      const stat = lstatSync(source);
      if (entry.isDirectory()) {
        tar.add(target, { type: "directory" });
        visit(source, target);
      } else if (entry.isSymbolicLink()) {
        tar.add(target, { type: "symlink", link: readlinkSync(source) });
      } else if (entry.isFile() && stat.size <= LARGEST_DEPENDENCY_FILE) {
        tar.addFile(target, source, stat.mode & 0o755, stat.mtimeMs);
        written.push(target);
      }
    }
  };
  visit(source, below);
  tar.close();
  return written;
}

/** Every 40th file changed, the next deleted; a whole package replaced by another directory; a name that changes its type. */
function writeEdits(file: string, dependencies: readonly string[]): void {
  const tar = new TarFile(file);
  tar.add("app", { type: "directory" });
  tar.add("app/config.json", { uid: 1000, gid: 1000, data: Buffer.from(`${JSON.stringify({ edited: true })}\n`) });
  tar.add("etc/os-release", { type: "symlink", link: "../usr/lib/os-release" });
  const replaced = path.posix.dirname(dependencies[0] ?? "app/node_modules/x/y");
  tar.add(`${replaced}/.wh..wh..opq`, { mtimeSec: 0 });
  tar.add(`${replaced}/README.md`, { data: Buffer.from("This directory was replaced.\n") });
  dependencies.forEach((dependency, i) => {
    if (dependency.startsWith(`${replaced}/`)) return;
    if (i % 40 === 0) tar.add(dependency, { data: Buffer.from(`edited, once ${dependency}\n`), uid: 1000, gid: 1000 });
    else if (i % 40 === 1) tar.whiteout(dependency);
  });
  tar.close();
}
