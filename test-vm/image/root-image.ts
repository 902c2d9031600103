import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyWithLinks, findProgram, libraries } from "./closure.ts";
import { PROGRAMS } from "./programs.ts";

export interface RootImageOptions {
  /** The project's checkout, installed and built. */
  readonly project: string;
  /** A directory of ours to build in; the image lies in it afterwards. */
  readonly directory: string;
}

/**
 * The guest's root: a squashfs with this checkout's own build of the command, the Node it runs on, and the host's programs
 * that the suite measures against. Uncompressed: under emulation unpacking costs more than reading. Gives the image's path,
 * and the programs that the host lacks.
 */
export function makeRootImage({ project, directory }: RootImageOptions): { image: string; missing: string[] } {
  const root = path.join(directory, "root");
  for (const part of [
    "dev",
    "proc",
    "sys",
    "run",
    "tmp",
    "mnt",
    "var",
    "root",
    "etc",
    "usr/bin",
    "usr/sbin",
    "usr/lib",
  ])
    mkdirSync(path.join(root, part), { recursive: true });
  for (const part of ["bin", "sbin", "lib", "lib64"])
    if (!existsSync(path.join(root, part))) {
      mkdirSync(path.join(root, "usr", part), { recursive: true });
      symlinkSync(`usr/${part}`, path.join(root, part));
    }
  const missing: string[] = [];
  const wanted = new Set<string>();
  for (const name of PROGRAMS) {
    const file = findProgram(name);
    if (file === null) missing.push(name);
    else for (const one of [file, ...libraries(file)]) wanted.add(one);
  }
  const node = realpathSync(path.join(project, "node_modules/.bin/node"));
  for (const library of libraries(node)) wanted.add(library);
  for (const file of wanted) copyWithLinks(file, root);
  cpSync(node, path.join(root, "usr/bin/node"));
  chmodSync(path.join(root, "usr/bin/node"), 0o755);
  writeFileSync(path.join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n");
  writeFileSync(path.join(root, "etc/group"), "root:x:0:\nnogroup:x:65534:\n");
  writeFileSync(
    path.join(root, "etc/mke2fs.conf"),
    "[defaults]\n  base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr\n  default_mntopts = acl,user_xattr\n  blocksize = 4096\n  inode_size = 256\n  inode_ratio = 16384\n[fs_types]\n  ext4 = {\n    features = has_journal,extent,huge_file,flex_bg,64bit,dir_nlink,extra_isize\n  }\n",
  );
  symlinkSync("/proc/self/mounts", path.join(root, "etc/mtab"));
  cpSync(path.join(import.meta.dirname, "../guest"), path.join(root, "usr/lib/copyup-guest"), { recursive: true });
  deploy(project, path.join(root, "opt/copyup"));
  const image = path.join(directory, "root.squashfs");
  execFileSync(
    "mksquashfs",
    [root, image, "-noappend", "-all-root", "-noI", "-noD", "-noF", "-noX", "-quiet", "-no-progress"],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  rmSync(root, { recursive: true });
  return { image, missing };
}

/** The command and what it needs at run time, as a user of the packages would get them. */
function deploy(project: string, target: string): void {
  execFileSync("npx", ["-y", "pnpm@12.21.0", "--filter", "@copyup/cli", "deploy", "--prod", "--legacy", target], {
    cwd: project,
    stdio: ["ignore", "ignore", "pipe"],
  });
}
