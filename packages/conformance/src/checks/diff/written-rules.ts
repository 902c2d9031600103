import { chmodSync, lchownSync, linkSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { removeXattr, setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import { plantDirectory, plantFile, plantLink, plantNode, plantSymlink, setTimes } from "../../tree/plant.ts";
import { keepingTimes } from "../../trial/keeping-times.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn } from "./layers.ts";

const NS = 1_111_111_111_111_111_111n;

/** LY01 */
export const whatIsWritten: Check = {
  id: "LY01",
  title: "A path is in the diff if and only if it is new or its type, mode, owner, time, link, xattrs or bytes differ",
  restsOn: ["xattrs", "times"],
  cites: ["layers.md rule 1"],
  async run(trial: Trial) {
    const store = await trial.store();
    const xattrs = trial.directory.xattrs.user;
    const edits: Record<string, (path: string) => void> = {
      mode: (path) => chmodSync(path, 0o600),
      "mode-suid": (path) => chmodSync(path, 0o4644),
      nanosecond: (path) => setTimes(path, undefined, NS + 1n),
      bytes: (path) => rewrite(path, "x".repeat(9)),
      longer: (path) => rewrite(path, "unchanged and more"),
      shorter: (path) => rewrite(path, "un"),
      type: (path) => {
        unlinkSync(path);
        symlinkSync("elsewhere", path);
      },
    };
    if (xattrs) {
      edits["xattr-new"] = (path) => setXattr(path, "user.new", "1");
      edits["xattr-value"] = (path) => setXattr(path, "user.value", "2");
      edits["xattr-gone"] = (path) => removeXattr(path, "user.value");
    }
    if (trial.host.fullRoot) {
      edits.owner = (path) => lchownSync(path, 4, 0);
      edits.group = (path) => lchownSync(path, 0, 5);
    }
    const names = Object.keys(edits).sort();
    const base = await layerOn(store, null, (root) => {
      for (const name of [...names, "untouched", "restored"]) {
        plantFile(root, `d/${name}`, "unchanged", {
          mtimeNs: NS,
          ...(xattrs ? { xattrs: { "user.value": "1" } } : {}),
        });
      }
      plantSymlink(root, "d/link", "before", { mtimeNs: NS });
      setTimes(`${root}/d`, undefined, NS);
    });
    const layer = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, [""], () => {
        for (const name of names) edits[name]?.(`${root}/d/${name}`);
        chmodSync(`${root}/d/restored`, 0o600);
        chmodSync(`${root}/d/restored`, 0o644);
        unlinkSync(`${root}/d/link`);
        plantSymlink(root, "d/link", "after1", { mtimeNs: NS });
        setTimes(`${root}/d`, undefined, NS);
      }),
    );
    const expected = [...names, "link"].sort().map((name) => `d/${name}`);
    trial.equal(pathsOf(readCanonical(await exported(store, layer))), ["d/", ...expected], "members");
    trial.equal(
      await changeList(store, layer),
      expected.map((path) => `modify ${path}`),
      "changes",
    );
  },
};

/** Keeps the mtime, so that it is not what gives the edit away. */
function rewrite(path: string, text: string): void {
  writeFileSync(path, text);
  setTimes(path, undefined, NS);
}

/** LY02 */
export const deletions: Check = {
  id: "LY02",
  title:
    "A deletion is one empty file `.wh.NAME`, 0644, 0:0, mtime 0, at the topmost missing name; none where a type changed",
  cites: ["layers.md rule 2", "OCI image-spec layer.md, Whiteouts"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const path of ["tree/a/b/c", "tree/a/d", "keep/gone", "keep/stays", "to-dir", "from-dir/x"])
        plantFile(root, path);
      plantNode(root, "fifo", "fifo");
      plantSymlink(root, "link", "keep");
    });
    const layer = await layerOn(store, base, (root) => {
      for (const path of ["tree", "keep/gone", "fifo", "link", "to-dir", "from-dir"])
        rmSync(`${root}/${path}`, { recursive: true });
      plantDirectory(root, "to-dir");
      plantFile(root, "from-dir", "a file now");
    });
    const members = readCanonical(await exported(store, layer));
    const whiteouts = members.filter((m) => m.path.includes(".wh."));
    trial.equal(pathsOf(whiteouts).sort(), [".wh.fifo", ".wh.link", ".wh.tree", "keep/.wh.gone"], "the whiteouts");
    for (const { path, type, mode, uid, gid, mtime, size, paxKeys } of whiteouts) {
      const plain = { type: "0", mode: 0o644, uid: 0, gid: 0, mtime: "0", size: 0, paxKeys: [] };
      trial.equal({ type, mode, uid, gid, mtime, size, paxKeys: [...paxKeys] }, plain, path);
    }
    trial.equal(
      pathsOf(members).filter((p) => !p.includes(".wh.")),
      ["./", "from-dir", "keep/", "to-dir/"],
      "the other members",
    );
    const kinds = ["delete fifo", "modify from-dir", "delete keep/gone", "delete link", "modify to-dir", "delete tree"];
    trial.equal(
      (await changeList(store, layer)).filter((c) => c !== "modify ." && c !== "modify keep").sort(),
      [...kinds].sort(),
      "changes",
    );
  },
};

/** LY03 */
export const ancestors: Check = {
  id: "LY03",
  title:
    "All ancestor directories precede an entry with the view's attributes; `./` only where it differs or for a base",
  cites: ["layers.md rule 3"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "a/b/c/f", "old", { mtimeNs: NS });
      plantFile(root, "a/other/g");
      for (const [path, mode] of [
        ["a/b/c", 0o750],
        ["a/b", 0o705],
        ["a", 0o711],
      ] as const) {
        chmodSync(`${root}/${path}`, mode);
        setTimes(`${root}/${path}`, undefined, NS);
      }
    });
    trial.equal(pathsOf(readCanonical(await exported(store, base)))[0], "./", "a base begins with its root");
    const nothing = await layerOn(store, null, () => {});
    trial.equal(pathsOf(readCanonical(await exported(store, nothing))), ["./"], "an empty base is its root");

    const deep = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, ["", "a", "a/b", "a/b/c"], () => writeFileSync(`${root}/a/b/c/f`, "new")),
    );
    const members = readCanonical(await exported(store, deep));
    trial.equal(pathsOf(members), ["a/", "a/b/", "a/b/c/", "a/b/c/f"], "members of an edit four levels deep");
    const told = members.slice(0, 3).map((m) => `${m.mode.toString(8)} ${m.mtime}`);
    const time = `${NS / 1_000_000_000n}.${NS % 1_000_000_000n}`;
    trial.equal(told, [`711 ${time}`, `705 ${time}`, `750 ${time}`], "mode and mtime of the ancestors");
    trial.equal(await changeList(store, deep), ["modify a/b/c/f"], "ancestors that are equal are no changes");

    const root = await layerOn(store, base, (at) => chmodSync(at, 0o700));
    const [only, ...rest] = readCanonical(await exported(store, root));
    trial.equal([only?.path, only?.mode, rest.length], ["./", 0o700, 0], "a change of the root alone");
    trial.equal(
      pathsOf(readCanonical(await exported(store, await layerOn(store, base, () => {})))),
      [],
      "no change at all",
    );
  },
};

/** LY04 */
export const linkGroups: Check = {
  id: "LY04",
  title:
    "A hard link group is written whole when a name joined it, its first name as the file; a name that left writes nothing",
  restsOn: ["inodes"],
  cites: ["layers.md rule 4", "catalogue.md CU07, CU09, WH19"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "m/single", "one");
      plantFile(root, "pair/a", "two");
      plantLink(root, "pair/a", "pair/b");
    });
    const joined = await layerOn(store, base, (root) => {
      linkSync(`${root}/m/single`, `${root}/a-first`);
      linkSync(`${root}/m/single`, `${root}/z-last`);
    });
    const members = readCanonical(await exported(store, joined));
    trial.equal(pathsOf(members), ["./", "a-first", "m/", "m/single -> a-first", "z-last -> a-first"], "names joined");
    trial.equal(
      [members[1]?.type, members[1]?.data.toString()],
      ["0", "one"],
      "the first name in byte order is the file",
    );
    trial.equal(members.at(-1)?.size, 0, "a link has no bytes of its own");
    const after = await layerOn(store, base, (root) => {
      linkSync(`${root}/m/single`, `${root}/z-last`);
      setTimes(root, undefined, NS);
    });
    // The first name itself is equal in both views: only the name that joined says that it must be written.
    const names = ["./", "m/", "m/single", "z-last -> m/single"];
    trial.equal(pathsOf(readCanonical(await exported(store, after))), names, "a name joined behind the first");
    const left = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, [""], () => unlinkSync(`${root}/pair/b`)),
    );
    trial.equal(pathsOf(readCanonical(await exported(store, left))), ["pair/", "pair/.wh.b"], "a name left");
    const made = await layerOn(store, base, (root) => {
      plantFile(root, "n/y", "new");
      plantLink(root, "n/y", "n/x");
      plantLink(root, "n/y", "n/\u{10000}");
      plantLink(root, "n/y", "n/\uffee");
    });
    const utf8 = (text: string) => Buffer.from(text).toString("latin1");
    const made4 = ["n/x", "n/y -> n/x", `n/${utf8("\uffee")} -> n/x`, `n/${utf8("\u{10000}")} -> n/x`];
    trial.equal(
      pathsOf(readCanonical(await exported(store, made))),
      ["./", "n/", ...made4],
      "a new group, in byte order of the names",
    );
  },
};
