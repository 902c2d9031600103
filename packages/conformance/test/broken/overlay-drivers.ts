import { chmodSync, chownSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { bindMount, cstring, getXattr, libc, listXattrs, MNT_DETACH, removeXattr, setXattr } from "@copyup/linux";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { setTimes } from "../../src/tree/plant.ts";
import { type BrokenDriver, damagingCreate, damagingSeal, withFault } from "./broken-driver.ts";
import { forEachBelow } from "./walk.ts";
import { withoutClaim } from "./without-claim.ts";

const depthOf = new Map<string, number>();

/** Faults in what the kernel's overlay left in an upper, and in how it is mounted. */
export const brokenOverlays: readonly BrokenDriver[] = [
  {
    fault: "the opaque flag is lost at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isDirectory()) removeXattr(path, "trusted.overlay.opaque");
      }),
    ),
    caughtBy: ["CU43", "WH04", "WH23"],
  },
  {
    fault: "a directory made again after its layer was committed is not marked opaque",
    from: overlay2,
    module: damagingSeal(overlay2, (dir, layer) => {
      if (layer.parent === null) return;
      forEachBelow(dir, (path, stat) => {
        if (stat.isDirectory() && path !== dir) removeXattr(path, "trusted.overlay.opaque");
      });
    }),
    caughtBy: ["RD01"],
    reason: /missing in the model/,
  },
  {
    fault: "the modification times of files are exported in whole seconds",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isFile()) setTimes(path, undefined, BigInt(Math.floor(stat.mtimeMs / 1000)) * 1_000_000_000n);
      }),
    ),
    caughtBy: ["RD01", "RD02"],
    reason: /mtime/,
  },
  {
    fault: "whiteouts are forgotten from the third layer on",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      plan(chain, mode) {
        const head = chain[0];
        if (head) depthOf.set(head.id, chain.length);
        return sound.plan(chain, mode);
      },
      async seal(layer) {
        await sound.seal?.(layer);
        if ((depthOf.get(layer.id) ?? 0) < 3) return;
        forEachBelow(sound.access(layer).dir, (path, stat) => {
          if (stat.isCharacterDevice() && stat.rdev === 0) rmSync(path);
        });
      },
    })),
    caughtBy: ["WH12", "WH27"],
  },
  {
    fault: "the owner of directories is lost at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isDirectory() && path !== dir) chownSync(path, 0, 0);
      }),
    ),
    caughtBy: ["ME07", "CU18"],
  },
  {
    fault: "the root's mode and owner are not taken over from the parent",
    from: overlay2,
    module: damagingCreate(overlay2, (dir) => {
      chmodSync(dir, 0o755);
      chownSync(dir, 0, 0);
    }),
    caughtBy: ["LA20"],
  },
  {
    fault: "what a mount shows gets into the layer at the unmount only, as aufs keeps other names of a written file",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      async afterUnmount(layer) {
        if (layer.parent !== null) writeFileSync(`${sound.access(layer).dir}/late`, "written through another name");
      },
    })),
    caughtBy: ["DA20"],
    reason: /changes after the unmount/,
  },
  {
    fault: "the lowers are mounted in the wrong order",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      plan(chain, mode) {
        const steps = sound.plan(chain, mode).steps;
        return {
          steps: steps.map((step) => (step.type === "overlay" ? { ...step, lowers: step.lowers.toReversed() } : step)),
        };
      },
    })),
    caughtBy: ["ME01", "ME02"],
  },
  {
    fault: "a long chain is mounted without its bottom, as the kernel does when the options are cut",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      plan(chain, mode) {
        const steps = sound.plan(chain, mode).steps;
        return {
          steps: steps.map((step) => (step.type === "overlay" ? { ...step, lowers: step.lowers.slice(0, 30) } : step)),
        };
      },
    })),
    caughtBy: ["LA01", "LA02", "LA24", "LA30", "PN14"],
  },
  {
    fault: "an unmount reports success while somebody still uses the mount",
    from: overlay2,
    module: withFault(overlay2, () => ({
      async beforeUnmount({ target }) {
        libc.umount2(cstring(target), MNT_DETACH);
        // So that the plain unmount that follows finds something.
        bindMount(target, target, false);
      },
    })),
    caughtBy: ["UM01", "UM02"],
  },
  {
    fault: "directories take the xattrs of the parent's directory at commit",
    from: overlay2,
    module: damagingSeal(overlay2, (dir, layer, sound) => {
      const parent = sound.access({ ...layer, body: layer.body.replace(layer.id, layer.parent ?? "") }).dir;
      forEachBelow(dir, (path, stat) => {
        if (stat.isDirectory() && layer.parent !== null) leakXattrs(parent + path.slice(dir.length), path);
      });
    }),
    caughtBy: ["ME07"],
  },
  {
    fault: "the process's umask decides the root's mode",
    from: overlay2,
    module: damagingCreate(overlay2, (dir) => {
      const mask = process.umask();
      chmodSync(dir, 0o755 & ~mask);
    }),
    caughtBy: ["CU21", "SE06"],
  },
  {
    fault: "a descriptor is left open by every new layer",
    from: overlay2,
    module: damagingCreate(overlay2, (dir) => void openSync(dir, "r")),
    caughtBy: ["CU01"],
    reason: /descriptor left open/,
  },
  {
    fault: "a mount is left behind",
    from: overlay2,
    module: withFault(overlay2, (sound, { scratch }) => ({
      async verify(mounted) {
        await sound.verify?.(mounted);
        mkdirSync(`${scratch}/look`, { recursive: true });
        bindMount(mounted.target, `${scratch}/look`, true);
      },
    })),
    caughtBy: ["CU01"],
    reason: /mount left/,
  },
  {
    fault: "a file is written beside the store",
    from: overlay2,
    module: damagingCreate(overlay2, (dir) => writeFileSync(`${dir.replace(/\/scratch\/.*/, "")}/stray`, "")),
    caughtBy: ["CU01"],
    reason: /file left outside/,
  },
  {
    fault: "a lower layer is written to when it is mounted below another",
    from: overlay2,
    module: withFault(overlay2, (sound) => ({
      async verify(mounted) {
        await sound.verify?.(mounted);
        const base = mounted.chain.at(-1);
        if (base && mounted.chain.length > 1) appendTo(sound.access(base).dir);
      },
    })),
    caughtBy: ["CU01", "CU16"],
  },
  {
    fault: "the profile is silent on broken hard links",
    from: overlay2,
    module: { ...overlay2, profile: (directory, host) => withoutClaim(overlay2.profile(directory, host), "CU07") },
    caughtBy: ["CU07"],
    reason: /does not declare/,
  },
  {
    fault: "the profile disclaims what the driver does rightly",
    from: overlay2,
    module: {
      ...overlay2,
      profile(directory, host) {
        const { driver, deviations } = overlay2.profile(directory, host);
        return {
          driver,
          deviations: [...deviations, { check: "CU25", outcome: "changes-on-remount", because: "so it was once" }],
        };
      },
    },
    caughtBy: ["CU25"],
    reason: /profile says "changes-on-remount", saw reference/,
  },
];

function leakXattrs(from: string, to: string): void {
  try {
    for (const name of listXattrs(from)) {
      const value = getXattr(from, name);
      if (value !== null && !name.startsWith("trusted.overlay.") && getXattr(to, name) === null)
        setXattr(to, name, value);
    }
  } catch {
    // The parent has no such directory.
  }
}

function appendTo(directory: string): void {
  forEachBelow(directory, (path, stat) => {
    if (!stat.isFile()) return;
    const fd = openSync(path, "r+");
    writeSync(fd, "!", stat.size);
    closeSync(fd);
  });
}
