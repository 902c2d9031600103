import { chmodSync, rmSync } from "node:fs";
import { StorageError } from "@copyup/core";
import { listXattrs, removeXattr } from "@copyup/linux";
import { treeUsage } from "../../../archive/src/index.ts";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import { type BrokenDriver, damagingCreate, withFault } from "./broken-driver.ts";
import { forEachBelow, keepingTimes } from "./walk.ts";

/** Faults that real drivers had for years (peers' bug threads). */
export const brokenAsTheField: readonly BrokenDriver[] = [
  {
    fault: "one xattr only is copied",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        const kept = stat.isFile() ? listXattrs(path).toSorted() : [];
        for (const name of kept.slice(1)) removeXattr(path, name);
      }),
    ),
    caughtBy: ["PN17", "CD10"],
  },
  {
    fault: "unix sockets are left out of the copy",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isSocket()) keepingTimes(path.slice(0, path.lastIndexOf("/")), () => rmSync(path));
      }),
    ),
    caughtBy: ["PN16", "CD02"],
  },
  {
    fault: "suid bits are lost by the copy",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isFile()) chmodSync(path, stat.mode & 0o777);
      }),
    ),
    caughtBy: ["SE03", "CD06"],
  },
  {
    fault: "directories of a new layer are open to everybody",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isDirectory()) chmodSync(path, 0o755);
      }),
    ),
    caughtBy: ["SE04"],
  },
  {
    fault: "usage counts a file once for each of its names, and the parents' too",
    from: plainCopy,
    module: withFault(plainCopy, (sound) => ({
      async usage(layer) {
        const { bytes, inodes } = await treeUsage(sound.access(layer).dir);
        return { bytes: bytes * 2, inodes: inodes * 2 };
      },
    })),
    caughtBy: ["PN07", "PN19"],
  },
  {
    fault: "redirect_dir is on, so directories are renamed and exports lose them",
    from: overlay2,
    module: withOption("redirect_dir=on"),
    caughtBy: ["PN11"],
  },
  {
    fault: "metacopy is on, which the profile does not know",
    from: overlay2,
    module: withOption("metacopy=on"),
    caughtBy: ["PN12"],
  },
  {
    fault: "a refusal says `driver not supported` and no more",
    from: overlay2,
    module: {
      ...overlay2,
      url: undefined,
      async open(directories, options) {
        try {
          return await overlay2.open(directories, options);
        } catch {
          throw new StorageError({ code: "DRIVER_UNSUPPORTED", op: "open", message: "driver not supported" });
        }
      },
    },
    caughtBy: ["PN08", "PN09", "PN10"],
  },
];

function withOption(option: string): BrokenDriver["module"] {
  const [name = ""] = option.split("=");
  return withFault(overlay2, (sound) => ({
    plan(chain, mode) {
      const steps = sound.plan(chain, mode).steps.map((step) => {
        if (step.type !== "overlay" || mode === "ro") return step;
        return { ...step, options: [...step.options.filter((given) => !given.startsWith(`${name}=`)), option] };
      });
      return { steps };
    },
  }));
}
