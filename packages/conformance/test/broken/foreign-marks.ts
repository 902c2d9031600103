import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { treeUsage } from "@copyup/archive";
import type { DriverModule, MountPlan, OverlayStep } from "@copyup/core";
import { AT_FDCWD, filesystemOf, mountAt, openDirectoryAt, readMountInfo, removeXattr, withFd } from "@copyup/linux";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { setTimes } from "../../src/tree/plant.ts";
import { type BrokenDriver, damagingSeal, withFault } from "./broken-driver.ts";
import { forEachBelow, keepingTimes } from "./walk.ts";

/** Faults in what a driver makes of others' marks and of places where the kernel says no, or of its own options. */
export const brokenByOthers: readonly BrokenDriver[] = [
  {
    fault: "an upper is read as a whole tree, its marks as files",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      access: (layer) => ({ ...sound.access(layer), dialect: "tree" }),
    })),
    caughtBy: ["DA13", "WH20", "LA17", "WH33"],
  },
  {
    fault: "redirects are followed, which the profile denies",
    from: overlay2,
    module: mountingWith(overlay2, (step) => ({
      ...step,
      options: step.options.map((option) => option.replace("redirect_dir=nofollow", "redirect_dir=follow")),
    })),
    caughtBy: ["LA18"],
    reason: /profile says "redirect-refused", saw reference/,
  },
  {
    fault: "everything is mounted volatile, so fsync does nothing",
    from: overlay2,
    module: mountingWith(overlay2, (step) =>
      step.upper === null ? step : { ...step, options: [...step.options, "volatile"] },
    ),
    caughtBy: ["UM28", "UM11"],
    reason: /which was fsynced|incompat feature 'volatile'/,
  },
  {
    fault: "the mark of a volatile mount is wiped, and mounted as if nothing had been",
    from: overlay2,
    module: mountingWith(overlay2, (step) => {
      if (step.work !== null) rmSync(`${step.work}/work/incompat`, { recursive: true, force: true });
      return step;
    }),
    caughtBy: ["UM15"],
  },
  {
    fault: "what the kernel keeps in the workdir counts as the layer's",
    from: overlay2,
    module: withFault(overlay2, () => ({ usage: (layer) => treeUsage(layer.body) })),
    caughtBy: ["LA15"],
  },
  {
    fault: "the workdir is left as it is at commit",
    from: overlay2,
    module: withFault(overlay2, () => ({ seal: async () => {} })),
    caughtBy: ["LA15"],
    reason: /workdir/,
  },
  {
    fault: "a plan is another when it is asked for again",
    from: overlay2,
    module: forgetful(),
    caughtBy: ["LA21"],
  },
  {
    fault: "a superblock that nobody sees is taken for gone",
    from: overlay2,
    module: withFault(overlay2, () => ({ busy: async () => false })),
    caughtBy: ["LA29", "UM19"],
  },
  {
    fault: "before an unmount the layer's directory must be where it was",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      async beforeUnmount({ chain }) {
        for (const layer of chain) readdirSync(sound.access(layer).dir);
      },
    })),
    caughtBy: ["UM21"],
  },
  {
    fault: "where something is mounted on the workdir, the layer is mounted without its upper",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      plan(chain, mode) {
        const plan = sound.plan(chain, mode);
        const work = plan.steps.find((step) => step.type === "overlay")?.work;
        return work && mountAt(work) ? sound.plan(chain, "ro") : plan;
      },
      verify: async () => {},
    })),
    caughtBy: ["FA07"],
  },
  {
    fault: "its probe finds everything good, whoever asks",
    from: overlay2,
    module: { ...overlay2, probe: async () => [] },
    caughtBy: ["FA04", "FA14"],
  },
  {
    fault: "trusted xattrs are lost on every filesystem but ext4",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) => {
      if (withFd(openDirectoryAt(AT_FDCWD, dir), filesystemOf) === "ext4") return;
      forEachBelow(dir, (path) => removeXattr(path, "trusted.mine"));
    }),
    caughtBy: ["LA28"],
    reason: /on ext4 and not on tmpfs/,
  },
  {
    fault: "times are rounded to seconds at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (path) => {
        const { mtimeNs } = lstatSync(path, { bigint: true });
        setTimes(path, undefined, mtimeNs - (mtimeNs % 1_000_000_000n));
      }),
    ),
    caughtBy: ["LY11"],
    reason: /a global record/,
  },
  {
    fault: "the holes of files are filled at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isFile()) keepingTimes(path, () => writeFileSync(path, readFileSync(path), { flag: "r+" }));
      }),
    ),
    caughtBy: ["LY09"],
    reason: /blocks/,
  },
  {
    fault: "it looks into every mount there is",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      async verify(mounted) {
        for (const { target, type } of readMountInfo()) if (type.startsWith("fuse")) readdirSync(target);
        await sound.verify?.(mounted);
      },
    })),
    caughtBy: ["UM16"],
    reason: /ENOTCONN|not connected/,
  },
  {
    fault: "ACLs are lost at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) => forEachBelow(dir, (path) => removeXattr(path, "system.posix_acl_default"))),
    caughtBy: ["LY10"],
  },
];

function mountingWith(from: DriverModule, change: (step: OverlayStep) => OverlayStep): DriverModule {
  return withFault(from, (sound) => ({
    plan: (chain, mode): MountPlan => ({
      steps: sound.plan(chain, mode).steps.map((step) => (step.type === "overlay" ? change(step) : step)),
    }),
  }));
}

/** Plans the first mount of a layer rightly, and then without its lowest directory. */
function forgetful(): DriverModule {
  const planned = new Set<string>();
  return withFault(overlay2, (sound) => ({
    plan(chain, mode) {
      const plan = sound.plan(chain, mode);
      const key = `${chain[0]?.id} ${mode}`;
      if (!planned.has(key) || mode === "ro") {
        planned.add(key);
        return plan;
      }
      return {
        steps: plan.steps.map((step) =>
          step.type === "overlay" ? { ...step, lowers: [`${chain.at(-1)?.body}/empty`] } : step,
        ),
      };
    },
  }));
}
