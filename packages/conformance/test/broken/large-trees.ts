import { copyFileSync, lstatSync, readdirSync, rmSync, truncateSync } from "node:fs";
import path from "node:path";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { type BrokenDriver, damagingSeal, withFault } from "./broken-driver.ts";
import { forEachBelow } from "./walk.ts";

/** Faults that show only where there is much of something: many names, a large file, many mounts. */
export const brokenWhereLarge: readonly BrokenDriver[] = [
  {
    fault: "of a directory with more than 500 names the last one is lost",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (at, stat) => {
        if (!stat.isDirectory()) return;
        const names = readdirSync(at);
        if (names.length > 500) rmSync(path.join(at, names.at(-1) ?? ""));
      }),
    ),
    caughtBy: ["ME05", "ME13", "WH15"],
  },
  {
    fault: "large files are copied up before anybody writes to them, and half of each",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      plan(chain, mode) {
        const [top, below] = chain.map((layer) => sound.access(layer).dir);
        if (top && below && mode === "rw") for (const name of readdirSync(below)) copyHalf(below, top, name);
        return sound.plan(chain, mode);
      },
    })),
    caughtBy: ["UM10"],
    reason: /size after a kill/,
  },
  {
    fault: "what was written at the third mount is lost at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) => rmSync(path.join(dir, "f2"), { force: true })),
    caughtBy: ["UM27"],
  },
];

function copyHalf(from: string, to: string, name: string): void {
  const { size } = lstatSync(path.join(from, name));
  if (size < 1 << 20 || lstatSync(path.join(to, name), { throwIfNoEntry: false })) return;
  copyFileSync(path.join(from, name), path.join(to, name));
  truncateSync(path.join(to, name), size / 2);
}
