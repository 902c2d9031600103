import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface OutsidePackage {
  readonly dir: string;
  /** Each of our packages by name: its packed manifest, and the files in its tarball. */
  readonly packed: ReadonlyMap<string, { manifest: PackedManifest; files: readonly string[] }>;
  run(command: string, ...args: string[]): string;
}

export interface PackedManifest {
  readonly name: string;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly bin?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
}

/**
 * examples/outside-driver somewhere else, compiled there, with our packages as they would be published in its node_modules:
 * packed and unpacked, so that they are copies. What comes from a registry is linked to what is installed here.
 */
export function makeOutsidePackage(): OutsidePackage & Disposable {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-outside-"));
  const modules = path.join(dir, "node_modules");
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: dir, encoding: "utf8" });
  cpSync(path.join(ROOT, "examples/outside-driver"), dir, {
    recursive: true,
    filter: (file) => !/\/(dist|node_modules)$/.test(file),
  });
  const tarballs = path.join(dir, "tarballs");
  const pack = ["pack", "-r", "--filter", "./packages/*", "--pack-destination", tarballs];
  execFileSync("npx", ["-y", "pnpm@12.21.0", ...pack], { cwd: ROOT, stdio: "pipe" });

  const packed = new Map<string, { manifest: PackedManifest; files: string[] }>();
  for (const tarball of readdirSync(tarballs)) {
    const unpacked = path.join(dir, "unpacked");
    mkdirSync(unpacked);
    run("tar", "-xzf", path.join(tarballs, tarball), "-C", unpacked);
    const manifest = JSON.parse(readFileSync(path.join(unpacked, "package/package.json"), "utf8")) as PackedManifest;
    const files = readdirSync(path.join(unpacked, "package"), { recursive: true, encoding: "utf8" });
    packed.set(manifest.name, { manifest, files });
    cpSync(path.join(unpacked, "package"), path.join(modules, manifest.name), { recursive: true });
    rmSync(unpacked, { recursive: true });
    // What it takes from a registry.
    const source = path.join(ROOT, "packages", path.basename(manifest.name), "node_modules");
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (!name.startsWith("@copyup/"))
        link(path.join(source, name), path.join(modules, manifest.name, "node_modules", name));
  }
  for (const name of ["vitest", "typescript", "@types/node"])
    link(path.join(ROOT, "node_modules", name), path.join(modules, name));
  run(process.execPath, path.join(modules, "typescript/bin/tsc"));
  return { dir, packed, run, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

function link(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** A module beside the example's own. */
export function writeModule({ dir }: OutsidePackage, name: string, text: string): string {
  const file = path.join(dir, "dist", name);
  writeFileSync(file, text);
  return file;
}
