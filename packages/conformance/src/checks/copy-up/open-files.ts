import {
  appendFileSync,
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { tryLockFd } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

/** Opens, hands over, closes. */
function withOpen<T>(path: string, flags: string, use: (fd: number) => T): T {
  const fd = openSync(path, flags);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, length: number, position: number | null): string {
  const buffer = Buffer.alloc(length);
  return buffer.toString("latin1", 0, readSync(fd, buffer, 0, length, position));
}

export const readerSeesWriter: Check = {
  id: "CU13",
  title: "a descriptor opened for reading before the copy-up sees what is written afterwards",
  cites: ["xfstests overlay/016", "kernel 4.19 (stacked file operations)", "measured on 6.18"],
  deviations: { "stale-descriptor": "the old descriptor stays on the lower file and its old bytes" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "old content"));
    const base = s.baseFingerprint();
    const seen = s.observe((root) =>
      withOpen(`${root}/f`, "r", (reader) => {
        readAt(reader, 3, 0);
        return withOpen(`${root}/f`, "r+", (writer) => {
          writeSync(writer, "NEW", 0);
          return [readAt(reader, 3, 0), fstatSync(reader).ino === fstatSync(writer).ino];
        });
      }),
    );
    await expectKept(t, s, base);
    t.equal(seen.model, ["NEW", true], "the reader in the model");
    if (isDeepStrictEqual(seen.mount, seen.model)) return;
    return "stale-descriptor";
  },
};

export const lockSurvivesCopyUp: Check = {
  id: "CU23",
  title: "an exclusive flock taken before the copy-up is seen by a descriptor opened after it",
  cites: ["xfstests overlay/028", "measured on 6.18"],
  deviations: { "locks-split": "the two descriptors lock different files" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x"));
    const locked = s.observe((root) =>
      withOpen(`${root}/f`, "r", (reader) => {
        tryLockFd(reader, "exclusive");
        return withOpen(`${root}/f`, "r+", (writer) => {
          writeSync(writer, "y", 0);
          return tryLockFd(writer, "exclusive");
        });
      }),
    );
    t.equal(locked.model, false, "the second lock in the model");
    s.compare();
    return locked.mount === true ? "locks-split" : undefined;
  },
};

export const fchmodOfReader: Check = {
  id: "CU24",
  title: "fchmod on a descriptor opened for reading changes the mode that the path shows",
  cites: ["overlayfs.rst, Non-directories", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x", { mode: 0o644 }));
    const base = s.baseFingerprint();
    s.edit((root) => withOpen(`${root}/f`, "r", (reader) => fchmodSync(reader, 0o600)));
    t.equal(lstatSync(`${s.root}/f`).mode & 0o7777, 0o600, "mode by path");
    await expectKept(t, s, base);
  },
};

export const writeAfterUnlink: Check = {
  id: "CU30",
  title: "a lower file opened for writing and unlinked can still be written and read",
  cites: ["unlink(2)", "fuse-overlayfs issue 279", "measured on 6.18"],
  deviations: { "nlink-stale": "works, but fstat shows a link count other than 0 (fuse-overlayfs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "old content"));
    const base = s.baseFingerprint();
    const seen = s.observe((root) =>
      withOpen(`${root}/f`, "r+", (fd) => {
        unlinkSync(`${root}/f`);
        writeSync(fd, "NEW", 0);
        return { text: readAt(fd, 11, 0), nlink: fstatSync(fd).nlink };
      }),
    );
    await expectKept(t, s, base);
    t.equal(seen.model, { text: "NEW content", nlink: 0 }, "in the model");
    if ((seen.mount as { nlink?: number }).nlink === 0)
      return void t.equal(seen.mount, seen.model, "the unlinked file");
    t.equal((seen.mount as { text?: string }).text, "NEW content", "bytes of the unlinked file");
    return "nlink-stale";
  },
};

export const followAppends: Check = {
  id: "CU40",
  title: "who follows a lower file sees what another descriptor appends",
  cites: ["xfstests overlay/016", "measured on 6.18"],
  deviations: { "stale-descriptor": "the follower stays on the lower file" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "log", "one\n"));
    const seen = s.observe((root) =>
      withOpen(`${root}/log`, "r", (follower) => {
        const first = readAt(follower, 100, null);
        appendFileSync(`${root}/log`, "two\n");
        return first + readAt(follower, 100, null);
      }),
    );
    s.compare();
    t.equal(seen.model, "one\ntwo\n", "what the model's follower sees");
    if (seen.mount === "one\n") return "stale-descriptor";
    t.equal(seen.mount, seen.model, "what the follower sees");
    return;
  },
};
