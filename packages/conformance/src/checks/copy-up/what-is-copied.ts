import { chmodSync, closeSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Scenario } from "../../trial/scenario.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const MIB = 1 << 20;

async function usedBytes(t: Trial, s: Scenario): Promise<number> {
  return (await (await t.store()).usage(s.id)).bytes;
}

export const chmodOnly: Check = {
  id: "CU17",
  title: "chmod of a 1 MiB lower file changes the mode; what it costs in space",
  restsOn: ["extents"],
  cites: ["overlayfs.rst, Metadata only copy up", "measured on 6.18"],
  deviations: { "copies-data": "the layer grows by the file's whole size" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", Buffer.alloc(MIB, "x"), { mode: 0o644 }));
    const base = s.baseFingerprint();
    const before = await usedBytes(t, s);
    s.edit((root) => chmodSync(`${root}/f`, 0o600));
    await expectKept(t, s, base);
    return (await usedBytes(t, s)) - before > MIB / 2 ? "copies-data" : undefined;
  },
};

export const readsCopyNothing: Check = {
  id: "CU20",
  title: "reading, listing and stat copy nothing; what an open for writing without a write does",
  restsOn: ["extents"],
  cites: ["overlayfs.rst, Non-directories", "measured on 6.18, aufs on 6.1"],
  deviations: { "copies-on-open": "open for writing copies the file, though nothing is written" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/f", Buffer.alloc(MIB, "x")));
    const base = s.baseFingerprint();
    const before = await usedBytes(t, s);
    s.edit((root) => {
      readFileSync(`${root}/d/f`);
      readdirSync(`${root}/d`);
      statSync(`${root}/d/f`);
      lstatSync(`${root}/d`);
    });
    t.equal(await usedBytes(t, s), before, "bytes of the layer after reading only");
    s.edit((root) => closeSync(openSync(`${root}/d/f`, "r+")));
    await expectKept(t, s, base);
    return (await usedBytes(t, s)) - before > MIB / 2 ? "copies-on-open" : undefined;
  },
};
