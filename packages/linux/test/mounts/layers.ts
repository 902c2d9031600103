import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { OverlayStep } from "@copyup/core";
import { expect } from "vitest";
import { type CarriedOut, type CarryOutOptions, carryOut, unmount } from "../../src/index.ts";

/** What overlay2 asks for. */
export const OPTIONS = ["index=off", "metacopy=off", "redirect_dir=nofollow"];

/** Makes an overlay's directories: each lower holds a file of its own number, and `shared` with that number in it. */
export function makeLayers(lowers: readonly string[], beside: string): OverlayStep {
  lowers.forEach((lower, i) => {
    mkdirSync(lower, { recursive: true });
    writeFileSync(`${lower}/${i}`, "");
    writeFileSync(`${lower}/shared`, String(i));
  });
  const [upper, work] = [`${beside}/upper`, `${beside}/work`];
  mkdirSync(upper, { recursive: true });
  mkdirSync(work, { recursive: true });
  return { type: "overlay", lowers, upper, work, options: OPTIONS };
}

/** Mounts it, looks for every lower's file in it, for their order, and for a new file in the upper; unmounts. */
export function mountAndLook(step: OverlayStep, target: string, options: CarryOutOptions = {}): CarriedOut {
  const done = carryOut({ steps: [step] }, target, options);
  try {
    const names = step.lowers.map((_, i) => String(i));
    expect(readdirSync(target).sort()).toEqual([...names, "shared"].sort());
    expect(readFileSync(`${target}/shared`, "utf8")).toBe("0");
    writeFileSync(`${target}/new`, "");
    expect(existsSync(`${step.upper}/new`)).toBe(true);
  } finally {
    unmount(target);
  }
  return done;
}
