import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { snapshotTree } from "@copyup/conformance";
import { editTree } from "../ground/edit-tree.ts";
import { runProgram, versionOf } from "../programs/programs.ts";
import { type ChangeList, changesBetween, requireSameChanges } from "../verify/same-changes.ts";
import { requireSameTree } from "../verify/same-tree.ts";
import type { OpenPeer, Peer, PeerRoom } from "./peer.ts";

const NAME = "rsync";
/** Hard links, ACLs and xattrs as well: the same result as everybody's. */
const ALL = "-aHAX";

export const rsync: Peer = {
  name: NAME,
  debianPackage: "rsync",
  version: () => versionOf("rsync"),
  contestants: { copy: [NAME], changes: [NAME] },
  fairness: {
    changes: "rsync compares two trees by size and time, and prints a list.",
  },
  open: async (room) => new Rsync(room),
};

class Rsync implements OpenPeer {
  readonly #room: PeerRoom;

  constructor(room: PeerRoom) {
    this.#room = room;
  }

  async copy() {
    const { dir, env } = this.#room;
    const { tree } = await this.#room.many();
    const expected = await this.#room.expected();
    const to = path.join(dir, "copied");
    return [
      {
        ...{ name: NAME, role: "peer" as const, reads: [tree] },
        run: () => runProgram(["rsync", ALL, `${tree}/`, to], { cwd: dir, env }),
        after: () => removeTree(to),
        verify: () => requireSameTree(NAME, expected, snapshotTree(to)),
      },
    ];
  }

  async changes() {
    const { dir, env } = this.#room;
    const { tree } = await this.#room.many();
    const edited = path.join(dir, "edited");
    mkdirSync(edited);
    runProgram(["rsync", ALL, `${tree}/`, edited], { cwd: dir, env });
    editTree(edited);
    const before = await this.#room.expected();
    const after = snapshotTree(edited);
    const list = path.join(dir, "changes");
    return [
      {
        ...{ name: NAME, role: "peer" as const, reads: [tree, edited] },
        run: () => runProgram(["rsync", `${ALL}ni`, "--delete", `${edited}/`, tree], { cwd: dir, env, stdout: list }),
        after: () => rmSync(list),
        verify: () =>
          requireSameChanges(NAME, changesBetween(before, after), itemized(readFileSync(list, "latin1")), after),
      },
    ];
  }

  async close() {}
}

/** Its lines are eleven letters of which attribute differs, a space and the path (rsync(1), --itemize-changes). */
function itemized(text: string): ChangeList {
  const changes = new Map<string, "add" | "modify" | "delete">();
  for (const line of text.split("\n").filter(Boolean)) {
    const [letters, rest] = [line.slice(0, 11), line.slice(12)];
    const name = rest.replace(/ (=>|->) .*$/, "").replace(/\/$/, "");
    if (letters.startsWith("*deleting")) changes.set(name, "delete");
    // A symlink or hard link alone has `c` or `h` there, and "+" for every letter where it is new.
    else changes.set(name, letters.endsWith("+++++++++") ? "add" : "modify");
  }
  return changes;
}
