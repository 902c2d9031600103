import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Comparison, copyTree, removeTree, takeCopyStamp, type ViewParts } from "../../../src/tree/index.ts";
import { listTree, listView } from "../support/listing.ts";
import { OverlayStack } from "../support/overlay.ts";
import { changeLines, namesIn, pack } from "../support/pack.ts";

/** Every case is written through real overlay mounts; what is read and packed must not depend on how layers are kept. */
const BASE = `
  mkdir -p d/sub/deep e etc opt/app; echo one > d/one; echo two > d/two; echo x > d/sub/x; echo y > d/sub/deep/y
  touch -d @1000.123456789 d/one; chmod 4755 d/two; chown 1000:1001 d/two; chmod 1777 e
  echo g > g1; ln g1 g2; ln g1 d/g3; ln -s d/one link; ln -s /nowhere dangling; mkfifo fifo; mknod null c 1 3
  echo cap > cap; setcap cap_net_raw+ep cap; setfattr -n user.k -v v g1; setfattr -n trusted.t -v v d/sub
  echo acl > acl; setfacl -m u:1234:r acl; setfacl -d -m u:1234:rwx opt
  echo i > opt/app/a; echo i > opt/app/b; echo i > opt/app/c
  printf x > $'bad\\377\\376'; printf y > ${"n".repeat(255)}; printf z > 'sp ace'; printf z > $'new\\nline'
  truncate -s 2M sparse; printf data | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
  find . -newermt '2000-01-01' -exec touch -h -d @1500000000.5 {} +
`;

const CASES: [what: string, script: string][] = [
  ["nothing", ":"],
  ["reads and opens", "cat d/one > /dev/null; exec 3<>d/two; exec 3>&-"],
  ["copied up but equal", "chown 0:0 d/one; touch -d @1500000000.5 d/sub/x; chmod 1777 e"],
  ["an edit that keeps size and mtime", "echo ONE > d/one; touch -d @1500000000.5 d/one"],
  ["one byte in a sparse file", "printf D | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none"],
  ["deleted file, link, directory", "rm d/one link; rm -r opt"],
  ["deleted with names of any bytes", "rm bad* n* 'sp ace'"],
  ["new names of any bytes", `touch $'bad\\200' ${"m".repeat(255)} $'tab\\t'; mkdir $'\\377'; touch $'\\377'/x`],
  ["deleted and made again", "rm d/two; echo new > d/two; rm link; ln -s other link"],
  ["replaced directory (opaque)", "rm -r d/sub; mkdir d/sub; touch d/sub/new; mkdir d/sub/deep; touch d/sub/deep/z"],
  ["replaced directory holding an equal one", "cp -a d/sub ../kept; rm -r d; mkdir d; mv ../kept d/sub"],
  [
    "type changes",
    "rm d/one; mkdir d/one; touch d/one/n; rm -r d/sub; echo f > d/sub; rm fifo; ln -s x fifo; rm link; mkfifo link",
  ],
  [
    "moved directory of files with the same size and mtime",
    "mv opt/app opt/moved; mkdir opt/app; cp -a opt/moved/b opt/app/a",
  ],
  ["exchanged files of the same size and mtime", "mv d/one x; mv d/sub/x d/one; mv x d/sub/x"],
  ["attributes only", "chmod 700 d; chown 5:6 e; touch -h -d @7.000000001 link; chmod 600 null; touch -d @8 etc"],
  [
    "xattrs only",
    "setfattr -n user.k -v w d/one; setfattr -x trusted.t d/sub; setcap -r cap; setfacl -b acl; setfacl -k opt",
  ],
  ["copy-up drops what chown drops", "chown 7 cap; chown 7 d/two"],
  ["writing one name of a group breaks the link", "echo changed > g1"],
  ["touching one name of a group, equal again", "touch g2; touch -d @1500000000.5 g2"],
  ["a name joins a group", "ln d/one d/zz; ln d/one a0"],
  ["a name of a group is deleted", "rm d/g3"],
  ["a name of a group is replaced", "rm d/g3; echo other > d/g3; ln g1 d/g4"],
  [
    "a new group, of files, symlinks, devices",
    "mkdir n; echo n > n/a; ln n/a n/b; ln n/a b0; ln -s q n/s; ln n/s n/s2; mknod n/dev b 7 7; ln n/dev n/dev2",
  ],
  ["the root", "chmod 711 .; chown 3:4 .; setfattr -n user.r -v 1 .; touch -d @77.7 ."],
  ["many whiteouts", "rm -r d/* g1 g2 opt/app/a; touch opt/app/d; rm opt/app/d"],
  ["deep in new directories", "mkdir -p new/a/b/c; touch new/a/b/c/f; chmod 555 new/a"],
];

/** Something of everything, so that the second generation meets marks of the first. */
const SECOND = `
  [ -d d ] && touch d/late; rm -rf e; mkdir e; touch e/late; rm -f null; [ -e g2 ] && echo second > g2 || touch g2
  rm -rf opt/app; touch -d @1600000000 etc; [ -e late ] || ln -s etc late
  find . -newermt '2021-01-01' -exec touch -h -d @1600000000 {} +
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "copyup-overlay-"));
});
afterEach(() => removeTree(dir));

async function copies(stack: OverlayStack, generations: number): Promise<ViewParts> {
  const target = path.join(dir, `copy${generations}`);
  mkdirSync(target);
  await stack.view(generations, (merged) => copyTree(merged, target));
  return [{ dir: target, dialect: "tree" }];
}

/** The layer `generations` back, as overlay keeps it, and as whole trees. */
function compared(stack: OverlayStack, generations: number): Comparison {
  const below = stack.parts(generations + 1);
  return { above: stack.parts(generations), below: below.length === 0 ? null : below };
}

describe.each(CASES)("%s", (_, script) => {
  test("parts read as the mount shows them; a full copy gives the same archive, byte by byte", async () => {
    const stack = new OverlayStack(dir);
    stack.add(BASE);
    stack.add(script);
    stack.add(SECOND);
    const trees: ViewParts[] = [];
    for (const generation of [0, 1, 2]) {
      const shown = stack.view(generation, listTree);
      expect(listView(stack.parts(generation))).toEqual(shown);
      trees[generation] = await copies(stack, generation);
      expect(listTree(trees[generation]![0]!.dir)).toEqual(shown);
    }
    for (const generation of [0, 1, 2]) {
      const overlay = compared(stack, generation);
      const tree: Comparison = { above: trees[generation]!, below: trees[generation + 1] ?? null };
      const [fromUpper, fromTrees] = [await pack(overlay), await pack(tree)];
      expect(namesIn(fromUpper.bytes)).toEqual(namesIn(fromTrees.bytes));
      expect(fromUpper.bytes.equals(fromTrees.bytes)).toBe(true);
      expect(fromUpper.digest).toBe(fromTrees.digest);
      // One side as overlay, the other as a tree; and all of it read whole.
      expect((await pack({ above: trees[generation]!, below: overlay.below })).digest).toBe(fromUpper.digest);
      expect((await pack({ above: overlay.above, below: tree.below })).digest).toBe(fromUpper.digest);
      expect(await changeLines(overlay)).toEqual(await changeLines(tree));
    }
  });
});

test("GNU tar and bsdtar extract an archive to the tree it was made of", async () => {
  const stack = new OverlayStack(dir);
  stack.add(BASE);
  const { bytes } = await pack(compared(stack, 0));
  const tar = path.join(dir, "base.tar");
  writeFileSync(tar, bytes);
  const whole = listTree(stack.uppers[0]!);
  const commands = {
    gnu: ["tar", "--xattrs", "--xattrs-include=*", "--acls", "-pxf"],
    bsd: ["bsdtar", "--xattrs", "--acls", "-pxf"],
  };
  for (const [name, command] of Object.entries(commands)) {
    const target = path.join(dir, name);
    mkdirSync(target);
    execFileSync(command[0]!, [...command.slice(1), tar, "-C", target, "--numeric-owner"]);
    const extracted = listTree(target);
    // bsdtar leaves the time of the directory it extracts into.
    if (name === "bsd") extracted["."] = whole["."]!;
    expect(extracted, name).toEqual(whole);
  }
});

test("a copy with its stamp, edited, gives the overlay's archive without reading what is old", async () => {
  for (const [index, [what, script]] of CASES.entries()) {
    const here = path.join(dir, String(index));
    const stack = new OverlayStack(here);
    stack.add(BASE);
    const [copy, body] = [path.join(here, "copy"), path.join(here, "directories")];
    mkdirSync(copy);
    await copyTree(stack.uppers[0]!, copy);
    const copied = await takeCopyStamp(copy, body);
    execFileSync("bash", ["-ec", script], { cwd: copy });
    const below: ViewParts = [{ dir: stack.uppers[0]!, dialect: "tree" }];
    const above: ViewParts = [{ dir: copy, dialect: "tree" }];
    const [quick, full] = [await pack({ above, below, copied }), await pack({ above, below })];
    expect(namesIn(quick.bytes), what).toEqual(namesIn(full.bytes));
    expect(quick.digest, what).toBe(full.digest);
  }
});
