import {
  closeSync,
  copyFileSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { removeXattr } from "@copyup/linux";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import { type BrokenDriver, damagingCreate, withFault } from "./broken-driver.ts";
import { forEachBelow, keepingTimes } from "./walk.ts";

/** Faults of a copy: what cp without the right options, or a home-made loop, would lose. */
export const brokenCopies: readonly BrokenDriver[] = [
  {
    fault: "file capabilities are lost by the copy",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (stat.isFile()) removeXattr(path, "security.capability");
      }),
    ),
    caughtBy: ["CU06"],
    reason: /xattrs/,
  },
  {
    fault: "an xattr that was copied once is lost by the next copy",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir, parent) => {
      if (parent === null || parent.parent === null) return;
      forEachBelow(dir, (path, stat) => {
        if (stat.isFile()) removeXattr(path, "user.a");
      });
    }),
    caughtBy: ["RD01"],
    reason: /xattrs/,
  },
  {
    fault: "a name that no archive can say is left out of it",
    from: plainCopy,
    module: withFault(plainCopy, (sound) => ({
      access(layer) {
        const access = sound.access(layer);
        forEachBelow(access.dir, (path) => {
          if (/^\.wh\./.test(path.slice(path.lastIndexOf("/") + 1))) rmSync(path, { recursive: true, force: true });
        });
        return access;
      },
    })),
    caughtBy: ["RD03"],
  },
  {
    fault: "times are rounded to seconds",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (!stat.isSymbolicLink()) utimesSync(path, Math.floor(stat.atimeMs / 1000), Math.floor(stat.mtimeMs / 1000));
      }),
    ),
    caughtBy: ["CU01", "CU02"],
    reason: /mtime/,
  },
  {
    fault: "hard links become files of their own",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (!stat.isFile() || stat.nlink === 1) return;
        keepingTimes(path.slice(0, path.lastIndexOf("/")), () =>
          keepingTimes(path, () => {
            copyFileSync(path, `${path}~`);
            renameSync(`${path}~`, path);
          }),
        );
      }),
    ),
    caughtBy: ["CU07", "CU08", "PN15"],
  },
  {
    fault: "sparse files are filled",
    from: plainCopy,
    module: damagingCreate(plainCopy, (dir) =>
      forEachBelow(dir, (path, stat) => {
        if (!stat.isFile() || stat.size !== 64 << 20) return;
        keepingTimes(path, () => {
          const bytes = readFileSync(path);
          const fd = openSync(path, "r+");
          writeSync(fd, bytes, 0, bytes.length, 0);
          closeSync(fd);
        });
      }),
    ),
    caughtBy: ["CU11"],
  },
  {
    fault: "a layer is made of hard links to its parent's files, so the parent is written through",
    from: plainCopy,
    module: withFault(plainCopy, (sound) => ({
      async create(body, parent, options) {
        await sound.create(body, parent, options);
        if (parent === null || options.receive) return;
        const from = sound.access(parent).dir;
        const to = sound.access({ ...parent, body: body.dir }).dir;
        forEachBelow(from, (path, stat) => {
          if (!stat.isFile()) return;
          const copy = to + path.slice(from.length);
          keepingTimes(copy.slice(0, copy.lastIndexOf("/")), () => {
            rmSync(copy);
            linkSync(path, copy);
          });
        });
      },
    })),
    caughtBy: ["CU01", "CU16"],
  },
  {
    fault: "a new layer is mounted as its parent's own tree",
    from: plainCopy,
    module: withFault(plainCopy, (sound) => ({
      plan(chain, mode) {
        const { steps } = sound.plan(chain, mode);
        const parent = chain[1];
        if (mode === "ro" || parent === undefined) return { steps };
        return {
          steps: steps.map((step) => (step.type === "bind" ? { ...step, source: sound.access(parent).dir } : step)),
        };
      },
    })),
    caughtBy: ["CU01", "CU02"],
    reason: /the base layer's own directory/,
  },
  {
    fault: "a read-only view can be written",
    from: plainCopy,
    module: withFault(plainCopy, (sound) => ({
      plan(chain, mode) {
        const { steps } = sound.plan(chain, mode);
        return { steps: steps.map((step) => (step.type === "bind" ? { ...step, readonly: false } : step)) };
      },
    })),
    caughtBy: ["LA11"],
  },
];
