import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Debian's package of each program whose word is taken as the truth in these tests. */
const PACKAGES = {
  tar: "tar",
  bsdtar: "libarchive-tools",
  gzip: "gzip",
  zstd: "zstd",
  xz: "xz-utils",
  bzip2: "bzip2",
} as const;

export type Oracle = keyof typeof PACKAGES;

/** A missing oracle is a failure in CI, and a skip with its reason elsewhere. */
export function describeWithOracle(program: Oracle, title: string, body: () => void): void {
  const here = isHere(program);
  const reason = `${program} is not here: apt-get install ${PACKAGES[program]}`;
  if (!here && process.env.CI === "true") it(`${title}: ${reason}`, () => expect.fail(reason));
  else describe.skipIf(!here)(`${title} [${here ? program : reason}]`, body);
}

/** Runs it in a plain locale; its stdout. Throws with its stderr if it fails. */
export function run(program: string, args: readonly (string | Buffer)[], input?: Uint8Array, locale = "C"): Buffer {
  return execFileSync(program, args as string[], {
    env: { PATH: process.env.PATH, LC_ALL: locale, TZ: "UTC" },
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "pipe"],
    ...(input === undefined ? {} : { input }),
  });
}

function isHere(program: Oracle): boolean {
  try {
    const version = run(program, ["--version"]).toString();
    return program !== "tar" || version.includes("GNU tar");
  } catch {
    return false;
  }
}
