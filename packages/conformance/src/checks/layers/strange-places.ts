import { mkdirSync, readdirSync, rmSync, unlinkSync, utimesSync } from "node:fs";
import path from "node:path";
import { isStorageError } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, layerOn, viewing } from "../diff/layers.ts";
import { mountsAt } from "../mounts/ground.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

const ROOT_TIME_SEC = 1_700_000_000;

/** A store, and a mount target, below a directory of that name must do all that they do elsewhere. */
async function livesBelow(trial: Trial, name: string): Promise<string | undefined> {
  const home = path.join(trial.directoryFor("below"), name);
  const target = path.join(home, "target");
  mkdirSync(target, { recursive: true });
  let store: LayerStore;
  try {
    store = await openStore({ root: path.join(home, "store"), driver: trial.driver, host: trial.host, create: true });
  } catch (error) {
    if (!isStorageError(error, "DRIVER_UNSUPPORTED")) throw error;
    trial.equal(readdirSync(path.join(home)), ["target"], `names below ${JSON.stringify(name)} after the refusal`);
    return "refused";
  }
  await using _ = store;
  const below = `below ${JSON.stringify(name)}`;
  const base = await layerOn(store, null, (root) => writeTree(root, ["a=0", "d/x=0", "gone=0"]));
  const middle = await layerOn(store, base, (root) => writeTree(root, ["m=1"]));
  const { id } = await store.prepare({ parent: middle.id });
  const first = await store.mount(id);
  trial.equal(readTree(first.path), ["a=0", "d/x=0", "gone=0", "m=1"], `the tree ${below}`);
  await first.unmount();
  // What mounts nothing has no place of its own to show.
  const mount = await store.mount(id, first.mounted ? { target } : {});
  writeTree(mount.path, ["a=2"]);
  unlinkSync(path.join(mount.path, "gone"));
  rmSync(path.join(mount.path, "d"), { recursive: true });
  writeTree(mount.path, ["d/y=2"]);
  // Said, not left to the clock: once, in a guest starved of its processor (5.10, tmpfs), the root kept its time.
  utimesSync(mount.path, ROOT_TIME_SEC, ROOT_TIME_SEC);
  if (mount.mounted) {
    trial.equal(
      (await store.mounts()).map((state) => state.target),
      [target],
      `what the store tells of its mounts ${below}`,
    );
    trial.equal(mountsAt(target).length, 1, `mounts at the target ${below}`);
  }
  await mount.unmount();
  const after = ["a=2", "d/y=2", "m=1"];
  const again = await store.mount(id);
  trial.equal(readTree(again.path), after, `the tree after a remount ${below}`);
  await again.unmount();
  const top = await store.commit(id, { durability: "none" });
  trial.equal(await viewing(store, top, readTree), after, `the view ${below}`);
  const changes = ["modify .", "modify a", "modify d", "delete d/x", "add d/y", "delete gone"];
  trial.equal((await changeList(store, top)).sort(), changes.sort(), `the changes ${below}`);
  await store.remove(top.id);
  trial.equal(
    (await store.list()).map((layer) => layer.id),
    [base.id, middle.id],
    `layers ${below}`,
  );
  return undefined;
}

async function liveBelowAll(trial: Trial, names: readonly string[]): Promise<string | undefined> {
  const outcomes = new Set<string | undefined>();
  let onlySeparators = true;
  for (const name of names) {
    const outcome = await livesBelow(trial, name);
    outcomes.add(outcome);
    if ((outcome === "refused") !== /[,:=\n]/.test(name)) onlySeparators = false;
  }
  if (outcomes.size > 1 && onlySeparators) return "separators-refused";
  trial.equal(outcomes.size, 1, `one answer for all of ${names.join(" ")}, not ${[...outcomes].join(" and ")}`);
  return [...outcomes][0];
}

const deviations = {
  refused: "the driver cannot say such a path and refuses to open a store there, with DRIVER_UNSUPPORTED",
};
const someRefused = {
  ...deviations,
  "separators-refused": "refused below a name with `,` `:` `=` or newline in it, as above, and only there (aufs)",
};

export const colons: Check = {
  id: "LA06",
  title: "a store below directories with : in their names",
  cites: [
    "overlayfs.rst: a colon separates lowers, \\: escapes it, lowerdir+ (6.8) takes it raw",
    "xfstests overlay/083",
    "aufs: impossible (measured)",
  ],
  deviations,
  run: (trial: Trial) => liveBelowAll(trial, ["a:b", ":first", "last:", "two::", "c:\\d", "a:b,c", "\\,\\:"]),
};

export const commas: Check = {
  id: "LA07",
  title: "a store below directories with , in their names",
  cites: [
    "mount(2): a comma ends an option; measured: \\, in mount(2), raw in fsconfig, refused by legacy contexts",
    "xfstests overlay/083: regressions in 6.5",
  ],
  deviations,
  run: (trial: Trial) => liveBelowAll(trial, ["a,b", ",first", "last,", "two,,upperdir=x"]),
};

export const backslashes: Check = {
  id: "LA08",
  title: "a store below directories with backslashes in their names",
  cites: ["measured on 6.18: lowerdir+ takes them raw, upperdir and workdir doubled", "xfstests overlay/083"],
  deviations: someRefused,
  run: (trial: Trial) => liveBelowAll(trial, ["a\\b", "\\first", "last\\", "two\\\\", "\\,", "\\040"]),
};

/** Not once on each filesystem: they all take these names, and it is mount options and mountinfo that may not. */
export const otherCharacters: Check = {
  id: "LA09",
  title: 'a store below directories with blanks, newlines, #, ", =, UTF-8 or 200 bytes in their names',
  cites: ["proc_pid_mountinfo(5): \\040 \\011 \\012 \\134", "xfstests overlay/083", "aufs: = is impossible (measured)"],
  deviations: someRefused,
  run: (trial: Trial) =>
    liveBelowAll(trial, [
      "a b",
      " blanks ",
      "tab\tbed",
      "new\nline",
      "#",
      '"',
      "'",
      "a=b",
      "\u00e9",
      "e\u0301",
      "\u{1f433}",
      "%s $HOME `x`",
      "x".repeat(200),
    ]),
};
