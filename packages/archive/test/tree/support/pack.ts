import { execFileSync } from "node:child_process";
import { type Comparison, changesBetween, type PackNote, packLayer } from "../../../src/tree/index.ts";

export interface Packed {
  readonly bytes: Buffer;
  readonly digest: string;
  readonly notes: readonly PackNote[];
}

export async function pack(comparison: Comparison): Promise<Packed> {
  const packed = packLayer(comparison);
  const pieces: Buffer[] = [];
  for await (const piece of packed) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), digest: await packed.digest, notes: packed.notes };
}

/** The archive's names in its order, as GNU tar lists them; `a -> b` for links. */
export function namesIn(tar: Buffer): string[] {
  const text = execFileSync("tar", ["-tvf", "-", "--quoting-style=escape", "--numeric-owner"], {
    input: tar,
    encoding: "utf8",
  });
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/^\S+\s+\S+\s+\S+\s+\S+\s+\S+\s/, "").replace(/ link to /, " == "));
}

/** `A path`, `M path`, `D path`, in order. */
export async function changeLines(comparison: Comparison): Promise<string[]> {
  const lines: string[] = [];
  for await (const { kind, path } of changesBetween(comparison)) {
    lines.push(`${kind[0]!.toUpperCase()} ${Buffer.from(path).toString("latin1") || "."}`);
  }
  return lines;
}
