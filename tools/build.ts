import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Builds what changed: declarations of all packages with `tsc -b`, then each package's bundle with tsup. */
const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "node_modules/.bin");

function newest(dir: string): number {
  let latest = 0;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
}

function readManifest(dir: string): Manifest {
  return JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")) as Manifest;
}

// A directory without a manifest is what another branch left: its ignored dist/ and node_modules/.
const packages = readdirSync(path.join(root, "packages"))
  .map((name) => path.join(root, "packages", name))
  .filter((dir) => existsSync(path.join(dir, "package.json")));
const byName = new Map(packages.map((dir) => [readManifest(dir).name, dir]));

/** The newest source a package's bundle can hold: its own, and those of the workspace packages below it. */
function newestSource(dir: string, seen = new Set<string>()): number {
  if (seen.has(dir)) return 0;
  seen.add(dir);
  let latest = Math.max(newest(path.join(dir, "src")), statSync(path.join(dir, "tsup.config.ts")).mtimeMs);
  for (const name of Object.keys(readManifest(dir).dependencies ?? {})) {
    const dependency = byName.get(name);
    if (dependency) latest = Math.max(latest, newestSource(dependency, seen));
  }
  return latest;
}

const stale = packages.filter((dir) => {
  const built = path.join(dir, "dist/.built");
  return !existsSync(built) || statSync(built).mtimeMs < newestSource(dir);
});
if (stale.length > 0) {
  console.error(`copyup: building ${stale.length} packages`);
  execFileSync(path.join(bin, "tsc"), ["-b"], { cwd: root, stdio: "inherit" });
  for (const dir of stale) {
    const run = spawnSync(path.join(bin, "tsup"), ["--silent"], { cwd: dir, encoding: "utf8" });
    if (run.status !== 0) {
      console.error(`copyup: building ${path.relative(root, dir)} failed\n${run.stdout}${run.stderr}`);
      process.exit(1);
    }
    writeFileSync(path.join(dir, "dist/.built"), "");
  }
}
