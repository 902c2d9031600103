import { spawnSync } from "node:child_process";
import type { Finding } from "@copyup/core";
import { findProgram } from "@copyup/linux";

const PACKAGE = "the Debian package fuse-overlayfs (or your distribution's)";

/** Under emulation, beside other guests, it took more than 10 s; a person waits no longer for an answer than this. */
const LIMIT_MS = 60_000;

/** Is the program there, and which version is it? Starts it, and waits for `limitMs` at most. */
export function programFinding(program: string | null = findProgram("fuse-overlayfs"), limitMs = LIMIT_MS): Finding {
  const base = { feature: "program", required: true, kind: "prerequisite" } as const;
  if (program === null) {
    return {
      ...base,
      ok: false,
      evidence: "no program fuse-overlayfs on PATH, nor in /usr/bin",
      fix: `install ${PACKAGE}`,
    };
  }
  const asked = askVersion(program, limitMs);
  return "version" in asked
    ? { ...base, ok: true, evidence: `${program} is version ${asked.version}`, fix: null }
    : { ...base, ok: false, ...asked };
}

/** Of this host's program, `1.10`; null where there is none. Asked once a process: a probe and a profile both want it. */
export function programVersion(): string | null {
  const program = findProgram("fuse-overlayfs");
  if (program === null) return null;
  let version = known.get(program);
  if (version === undefined) {
    const asked = askVersion(program, LIMIT_MS);
    version = "version" in asked ? asked.version : null;
    known.set(program, version);
  }
  return version;
}

const known = new Map<string, string | null>();

type Answer = { readonly version: string } | { readonly evidence: string; readonly fix: string };

/** A program that is slow, one that cannot be started and one that is broken want different things done. */
function askVersion(program: string, limitMs: number): Answer {
  const { stdout, stderr, error, status, signal } = spawnSync(program, ["--version"], {
    encoding: "utf8",
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const asked = `${program} --version`;
  if (error !== undefined) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ETIMEDOUT"
      ? {
          evidence: `${asked} took longer than ${limitMs / 1000} s and was ended`,
          fix: "it is installed, and this machine was too busy to start it, or it hangs: try again when there is less to do",
        }
      : {
          evidence: `${asked} cannot be started: ${code}`,
          fix: `see that it may be executed, or install ${PACKAGE} anew`,
        };
  }
  const version = parseVersion(stdout);
  if (version !== null) return { version };
  const ended = status === 0 ? "" : ` and ends with ${signal ?? `status ${status}`}`;
  return { evidence: `${asked} says ${JSON.stringify(stdout || stderr)}${ended}`, fix: `install ${PACKAGE} anew` };
}

/** `fuse-overlayfs: version 1.10` among lines of libfuse's versions. */
export function parseVersion(text: string): string | null {
  return /^fuse-overlayfs: version (\d+(?:\.\d+)+)/m.exec(text)?.[1] ?? null;
}
