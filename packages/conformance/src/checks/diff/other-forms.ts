import type { Check } from "../../check.ts";
import { archive, directory, hardLink, member, pax, type RawMember, ROOT, withChecksum } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, layerOn, viewOf } from "./layers.ts";

const cites = ["layers.md, reading other people's archives"];

/** LY11 */
export const otherForms: Check = {
  id: "LY11",
  title: "base-256 numbers, GNU long names, V7 headers, global PAX headers: each spelling of a file is that file",
  cites: [...cites, "GNU tar manual, Basic Tar Format; POSIX pax, g and x headers"],
  async run(trial: Trial) {
    const store = await trial.store();
    const long = `${"long/".repeat(40)}name`;
    const parents = long.split("/").slice(0, -1);
    const tar = archive(
      ROOT,
      base256({ path: "base-256", data: "b", mtime: 0 }, -100),
      ...parents.map((_, depth) => directory(parents.slice(0, depth + 1).join("/"))),
      gnuLong("L", long),
      { path: "cut off", data: "by a long name" },
      gnuLong("K", long),
      hardLink("linked", "cut off"),
      v7({ path: "seventh/", data: "", mode: 0o755 }),
      v7({ path: "seventh/edition", data: "v" }),
      pax({ mtime: "12.5" }, "g"),
      { path: "global", data: "g" },
      { path: "own", data: "o", pax: { mtime: "13.25" } },
      { path: "global-again", data: "g" },
      // An empty value takes a global one back.
      pax({ mtime: "" }, "g"),
      { path: "header", data: "h", mtime: 14 },
    );
    const view = await viewOf(store, await applied(store, null, tar));
    const told = (path: string) => {
      const entry = view.get(path);
      return entry ? `${entry.type} ${entry.text} ${Number(entry.mtimeNs) / 1e9}` : "nothing";
    };
    trial.equal(told("base-256"), "file b -100", "a time before 1970 in base 256");
    trial.equal(view.get(long)?.text, "by a long name", "a name of GNU's L header");
    trial.equal(view.has("cut off"), false, "the header's own name, which L replaces");
    trial.equal(view.get("linked")?.firstName, "linked", "a link of GNU's K header, by its first name");
    trial.equal(view.get("linked")?.inode, view.get(long)?.inode, "and the inode of its target");
    trial.equal([view.get("seventh")?.type, told("seventh/edition")], ["directory", "file v 1000000000"], "V7 headers");
    trial.equal(told("global"), "file g 12.5", "a global record");
    trial.equal(told("own"), "file o 13.25", "an entry's own record above a global one");
    trial.equal(told("global-again"), "file g 12.5", "the global one again");
    trial.equal(told("header"), "file h 14", "a global record taken back");
  },
};

/** LY12 */
export const nextToTheirTargets: Check = {
  id: "LY12",
  title:
    "One archive gives one view: in whatever order its entries come, its whiteouts hide the parent's names and no own",
  cites: [...cites, "layers.md: in any order; one tar gives one view, on every driver"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => plantBase(root));
    const members = [
      { path: ".wh.file" },
      { path: "file", data: "new" },
      directory("d"),
      { path: "d/.wh..wh..opq" },
      { path: "d/new", data: "new" },
      { path: "e/.wh.x" },
      { path: "e/y", data: "new" },
      hardLink("linked", "kept"),
      { path: ".wh.gone" },
    ];
    const views = new Set<string>();
    for (let shift = 0; shift < members.length; shift++) {
      const turned = [...members.slice(shift), ...members.slice(0, shift)];
      for (const order of [turned, turned.toReversed()]) {
        const view = await viewOf(store, await applied(store, base, archive(ROOT, ...order)));
        const lines = [...view].map(
          ([path, { type, text, nlink }]) => `${path} ${type} ${text} ${type === "file" ? nlink : ""}`,
        );
        views.add(lines.join("\n"));
      }
    }
    trial.equal(
      [...views].length,
      1,
      `views of ${2 * members.length} orders of one archive: ${[...views].join("\n---\n")}`,
    );
    const names = [...views][0]?.split("\n").map((line) => line.trim());
    trial.equal(
      names,
      [
        "directory",
        "d directory",
        "d/new file new 1",
        "e directory",
        "e/y file new 1",
        "file file new 1",
        "kept file kept 2",
        "linked file kept 2",
      ],
      "the view",
    );
  },
};

function plantBase(root: string): void {
  for (const name of ["file", "gone", "kept", "d/old", "d/sub/older", "e/x", "e/y"]) plantFile(root, name, name);
}

/** The time as GNU tar writes what 11 octal digits cannot say: two's complement with the first bit set. */
function base256(file: RawMember, mtime: number): Buffer {
  const block = member(file);
  block.fill(0xff, 136, 148);
  block.writeBigInt64BE(BigInt(mtime), 140);
  return withChecksum(block);
}

/** GNU's header for a name (`L`) or a link's target (`K`) of the next entry. */
function gnuLong(type: "L" | "K", name: string): Buffer {
  const block = member({ path: "././@LongLink", type, data: `${name}\0` });
  block.write("ustar  \0", 257, "latin1");
  return withChecksum(block);
}

/** A header from before ustar: no magic, no types but 0, and a slash makes a directory. */
function v7(file: RawMember): Buffer {
  const block = member(file);
  block.fill(0, 156, 157);
  block.fill(0, 257, 512);
  return withChecksum(block);
}
