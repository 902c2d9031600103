import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StorageError } from "@copyup/core";

/** What the same work costs in C: the limit on this machine, in this run; and `peak`, which weighs other programs. */
export const YARDSTICKS = ["apply", "copy", "diff", "mount", "peak"] as const;
export type Yardstick = (typeof YARDSTICKS)[number];

export type Yardsticks =
  | { readonly programs: Readonly<Record<Yardstick, string>>; readonly compiler: string }
  | { readonly absent: string };

/** Their sources lie in this package, in whose bundle ever this module is. */
function sources(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve("@copyup/bench/package.json")), "yardstick");
}

/** Compiles them into `dir` with the system's compiler, `-O2`. Without one they are absent, with the reason. Throws IO if they do not compile. */
export function buildYardsticks(dir: string): Yardsticks {
  const found = spawnSync("cc", ["--version"], { encoding: "utf8" });
  if (found.status !== 0) return { absent: "no C compiler here (Debian packages gcc and libc6-dev)" };
  mkdirSync(dir, { recursive: true });
  const programs = {} as Record<Yardstick, string>;
  for (const name of YARDSTICKS) {
    const program = path.join(dir, name);
    const built = spawnSync("cc", ["-O2", "-o", program, path.join(sources(), `${name}.c`), "-ldl"], {
      encoding: "utf8",
    });
    if (built.status !== 0) {
      throw new StorageError({
        code: "IO",
        op: "bench",
        path: program,
        message: `cc cannot build the yardstick ${name}: ${built.stderr.trim().split("\n")[0] ?? ""}`,
        hint: "libc6-dev and linux-libc-dev hold the headers it needs",
      });
    }
    programs[name] = program;
  }
  return { programs, compiler: found.stdout.split("\n")[0] ?? "cc" };
}
