import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isDriverName } from "../packages/core/src/ids.ts";
import { type Kind, packageFiles } from "./new-driver-files.ts";
import { joinWorkspace } from "./new-driver-join.ts";

/**
 * `npm run new-driver NAME [-- --kind union|tree]`: makes packages/NAME from the files in tools/new-driver/ and joins it to the
 * workspace and to the runtime's list of drivers. It compiles at once, and its tests fail saying what is to be written:
 * docs/adding-a-driver.md leads on from there.
 */
const root = path.resolve(import.meta.dirname, "..");
const USAGE = "usage: npm run new-driver NAME [-- --kind union|tree]";

function fail(message: string): never {
  console.error(`new-driver: ${message}`);
  process.exit(2);
}

function readArguments(): { name: string; kind: Kind } {
  try {
    const { values, positionals } = parseArgs({
      options: { kind: { type: "string", default: "union" } },
      allowPositionals: true,
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) fail(USAGE);
    const { kind } = values;
    if (kind !== "union" && kind !== "tree") fail(`a driver's kind is union or tree, not ${kind}\n${USAGE}`);
    return { name, kind };
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Why there can be no driver of that name; null where there can. */
function whyNot(name: string): string | null {
  if (!isDriverName(name))
    return `${JSON.stringify(name)} is no driver's name: small letters, digits and single '-', beginning with a letter`;
  if (existsSync(path.join(root, "packages", name))) return `there is a packages/${name} already`;
  return null;
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  console.error(`new-driver: the files are there, but this failed: ${command} ${args.join(" ")}`);
  process.exit(1);
}

const { name, kind } = readArguments();
const refusal = whyNot(name);
if (refusal !== null) fail(refusal);

const made = packageFiles(name, kind);
const changed = joinWorkspace(root, name);
for (const [file, text] of [...made, ...changed]) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
// A name of another length breaks lines elsewhere.
run(path.join(root, "node_modules/.bin/biome"), ["check", "--write", `packages/${name}`, ...changed.keys()]);
run("npx", ["-y", "pnpm@12.21.0", "install", "--no-frozen-lockfile", "--prefer-offline", "--reporter=append-only"]);
run("sh", ["tools/setup.sh"]);

console.log(`
packages/${name} is there (${kind}); nothing of it is written yet:

  ./copyup conform ${name} --only LA      each failure says what to write, and where
  docs/adding-a-driver.md               from here to green

To undo it: git clean -fdxq packages/${name} && git restore ${[...changed.keys()].join(" ")} pnpm-lock.yaml && npm run build`);
