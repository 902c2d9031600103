import { spawn, spawnSync } from "node:child_process";
import { StorageError } from "@copyup/core";

/** The first line of `PROGRAM --version`, or null where there is no such program. */
export function versionOf(program: string): string | null {
  const run = spawnSync(program, ["--version"], { encoding: "utf8" });
  return run.status === 0 ? (run.stdout.split("\n")[0] ?? "") : null;
}

/** Why GNU tar cannot take part; undefined where it can. */
export function noTar(): string | undefined {
  return versionOf("tar")?.includes("GNU") ? undefined : "no GNU tar here (Debian package tar)";
}

/** Runs a program to its end; its CPU time counts once it was waited for. Throws IO with what it said. */
export async function runProgram(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status === 0) return;
  throw new StorageError({
    code: "IO",
    op: "bench",
    message: `${program} ${args.join(" ")} ended with ${status}: ${said.trim().slice(-500)}`,
  });
}
