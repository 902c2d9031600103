import { readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported } from "../diff/layers.ts";

const TEXTS = [
  "line\nbreak",
  "tab\tbed",
  "-rf",
  " ",
  " two  words ",
  "\u00e9",
  "e\u0301",
  ".wh",
  "back\\slash",
  "co:lon",
  "com,ma",
  "\u0001",
  "...",
  "*?[",
  "n%s",
  "#",
  '"',
  "'",
  "a=b",
  "x".repeat(255),
];
/** The last three are no UTF-8. */
const EVERY_NAME: readonly Buffer[] = [
  ...TEXTS.map((text) => Buffer.from(text)),
  ...[[0xff, 0xfe, 0x80], [0xc3], [0x80, 0x2d]].map((bytes) => Buffer.from(bytes)),
];

const at = (root: string, name: Buffer) => Buffer.concat([Buffer.from(`${root}/`), name]);
const listed = (root: string) =>
  readdirSync(root, { encoding: "buffer" })
    .map((name) => name.toString("latin1"))
    .sort();
const latin1 = (names: readonly Buffer[]) => names.map((name) => name.toString("latin1")).sort();

export const strangeNames: Check = {
  id: "WH08",
  title: "strange names are kept byte for byte: listed, deleted, rewritten, committed",
  restsOn: ["names"],
  cites: [
    "Linux path names are bytes: path_resolution(7)",
    "fuse-overlayfs 1.10 dies on removing a lower name of 252 bytes (measured)",
    "aufs: names of 243 bytes and more cannot be used (measured)",
  ],
  deviations: {
    ENAMETOOLONG: "names of more than 242 bytes cannot be used, and are not imported",
    "daemon-killed":
      "deleting a name of more than 251 bytes that a lower layer has kills the daemon: ENOTCONN until the unmount; the name stays (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const refused = await refusesLongNames(trial);
    const killed = refused === undefined && (await killsTheDaemon(trial));
    const most = refused !== undefined ? SHORT : killed ? 251 : 255;
    await usedEverywhere(
      trial,
      EVERY_NAME.filter((name) => name.length <= most),
    );
    return killed ? "daemon-killed" : refused;
  },
};

const SHORT = 242;

async function refusesLongNames(trial: Trial): Promise<"ENAMETOOLONG" | undefined> {
  const s = await trial.scenario(() => {});
  const long = "x".repeat(SHORT + 1);
  if (trial.errno(() => writeFileSync(`${s.root}/${long}`, "")) !== "ENAMETOOLONG") return undefined;
  writeFileSync(`${s.root}/${"x".repeat(SHORT)}`, "");
  const tree = trial.directoryFor("long-name");
  writeFileSync(`${tree}/${long}`, "");
  const refused = await trial.rejects(
    (await trial.store()).importTree(tree),
    "NOT_REPRESENTABLE",
    "a long name's import",
  );
  trial.ok(refused.message.includes(long), `the refusal names the path: ${refused.message}`);
  return "ENAMETOOLONG";
}

async function usedEverywhere(trial: Trial, names: readonly Buffer[]): Promise<void> {
  const s = await trial.scenario((root) => {
    for (const name of names) writeFileSync(at(root, name), "lower");
  });
  trial.equal(listed(s.root), latin1(names), "the lower names");
  s.edit((root) => {
    names.forEach((name, index) => {
      if (index % 2 === 0) unlinkSync(at(root, name));
      else writeFileSync(at(root, name), "rewritten");
    });
  });
  const left = latin1(names.filter((_, index) => index % 2 === 1));
  for (const when of ["at once", "after a remount", "in the next layer"]) {
    if (when === "after a remount") await s.remount();
    if (when === "in the next layer") await s.commit();
    trial.equal(listed(s.root), left, `names ${when}`);
    s.compare();
  }
  // The other half, now in the nearest lower; and the first half again, over whiteouts.
  s.edit((root) => {
    names.forEach((name, index) => {
      if (index % 2 === 1) unlinkSync(at(root, name));
      else writeFileSync(at(root, name), "made again");
    });
  });
  await s.remount();
  s.compare();
}

/** Whether it does, once for each length; and then the layer must be as whole as before after an unmount. */
async function killsTheDaemon(trial: Trial): Promise<boolean> {
  const lengths = [252, 255];
  const s = await trial.scenario((root) => {
    for (const length of lengths) writeFileSync(`${root}/${"k".repeat(length)}`, "lower");
    writeFileSync(`${root}/other`, "lower");
  });
  const store = await trial.store();
  const dead: number[] = [];
  for (const length of lengths) {
    const errno = trial.errno(() => unlinkSync(`${s.root}/${"k".repeat(length)}`));
    if (errno === "ENAMETOOLONG") return false;
    if (errno !== "ENOTCONN" && errno !== "ECONNABORTED") {
      trial.equal(errno, null, `deleting a lower name of ${length} bytes`);
      continue;
    }
    dead.push(length);
    trial.equal(
      trial.errno(() => readdirSync(s.root)),
      "ENOTCONN",
      "a listing of the dead mount",
    );
    // It answers no more, and is a process for some moments yet.
    for (let state: string | undefined; state !== "dead"; await sleep(10)) {
      state = (await store.mounts()).find(({ layer }) => layer === s.id)?.state;
      trial.ok(state === "mounted" || state === "dead", `what the store tells of the mount: ${state}`);
    }
    await s.remount();
  }
  if (dead.length === 0) return false;
  trial.equal(dead, lengths, "lengths that kill the daemon");
  s.compare({ ignoreDirectoryTimes: true });
  s.edit((root) => unlinkSync(`${root}/other`));
  await s.commit();
  s.compare({ ignoreDirectoryTimes: true });
  return true;
}

export const whiteoutNamesInTheMount: Check = {
  id: "WH14",
  title: "a file called .wh.q is an ordinary file or refused, never a whiteout; no archive may hold it",
  restsOn: ["names"],
  cites: ["OCI image-spec layer.md, whiteouts", "layers.md rule 7", "aufs: EPERM on creating .wh. names (measured)"],
  deviations: {
    EPERM: "names beginning .wh. are the filesystem's own and cannot be made through the mount",
    EINVAL: "the same, with another error (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeFileSync(`${root}/q`, "lower"));
    const seen = s.observe((root) => writeFileSync(`${root}/.wh.q`, "upper"));
    if (seen.mount !== undefined) {
      trial.equal(listed(s.root), ["q"], "names after the refusal");
      return seen.mount.errno;
    }
    await s.remount();
    trial.equal(listed(s.root), [".wh.q", "q"], "names after a remount");
    s.compare();
    const store = await trial.store();
    const refused = await trial.rejects(exported(store, s), "NOT_REPRESENTABLE", "the diff of a layer with .wh.q");
    trial.ok(refused.message.includes(".wh.q"), `the refusal names the path: ${refused.message}`);
  },
};
