import { spawnSync } from "node:child_process";
import type { Finding } from "@copyup/core";
import { findProgram } from "@copyup/linux";

/** Is the program there, and which version is it? Starts it. */
export function programFinding(): Finding {
  const base = { feature: "program", required: true, kind: "prerequisite" } as const;
  const program = findProgram("fuse-overlayfs");
  if (program === null) {
    return {
      ...base,
      ok: false,
      evidence: "no program fuse-overlayfs on PATH, nor in /usr/bin",
      fix: "install the Debian package fuse-overlayfs (or your distribution's)",
    };
  }
  const said = versionText(program);
  const version = parseVersion(said);
  return {
    ...base,
    ok: version !== null,
    evidence:
      version === null ? `${program} --version says ${JSON.stringify(said)}` : `${program} is version ${version}`,
    fix: version === null ? "install the Debian package fuse-overlayfs (or your distribution's) anew" : null,
  };
}

/** Of this host's program, `1.10`; null where there is none. Asked once a process: a probe and a profile both want it. */
export function programVersion(): string | null {
  const program = findProgram("fuse-overlayfs");
  if (program === null) return null;
  let version = known.get(program);
  if (version === undefined) {
    version = parseVersion(versionText(program));
    known.set(program, version);
  }
  return version;
}

const known = new Map<string, string | null>();
const TAKES_MS = 10_000;

function versionText(program: string): string {
  const { stdout, error } = spawnSync(program, ["--version"], {
    encoding: "utf8",
    timeout: TAKES_MS,
    killSignal: "SIGKILL",
  });
  return error ? error.message : stdout;
}

/** `fuse-overlayfs: version 1.10` among lines of libfuse's versions. */
export function parseVersion(text: string): string | null {
  return /^fuse-overlayfs: version (\d+(?:\.\d+)+)/m.exec(text)?.[1] ?? null;
}
