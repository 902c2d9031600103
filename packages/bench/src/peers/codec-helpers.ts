import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { findProgram } from "@copyup/linux";
import { saidBy } from "../programs/programs.ts";

/**
 * Programs that peers look for on PATH to take gzip apart: containerd and moby unpigz, containerd since 2.0 igzip before it
 * (https://github.com/containerd/containerd/pull/9200). With and without them the same job costs twice as much, so they are pinned.
 */
const HELPERS = { igzip: "isal", unpigz: "pigz" } as const;

export interface CodecHelpers {
  /** A directory that holds links to the helpers and nothing else: the peers' PATH. */
  readonly path: string;
  /** Each helper with its version. */
  readonly found: Readonly<Record<string, string>>;
  /** Each missing one with how to install it. */
  readonly missing: Readonly<Record<string, string>>;
}

export function pinCodecHelpers(dir: string): CodecHelpers {
  mkdirSync(dir, { recursive: true });
  const found: Record<string, string> = {};
  const missing: Record<string, string> = {};
  for (const [name, debianPackage] of Object.entries(HELPERS)) {
    const program = findProgram(name);
    if (program === null) {
      missing[name] = `Debian package ${debianPackage}`;
      continue;
    }
    symlinkSync(program, path.join(dir, name));
    found[name] = saidBy(program) ?? program;
  }
  return { path: dir, found, missing };
}
