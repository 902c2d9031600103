import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Member, readArchive, writeArchive } from "./archives.ts";
import { ESCAPED_NAMES, GNU, inOrder, PLAIN, paxTree, USTAR } from "./difficult-tree.ts";
import { makeTree } from "./make-tree.ts";
import { describeWithOracle, run } from "./oracle.ts";
import { type Item, modelOfArchive, modelOfTree } from "./tree-model.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/copyup-codec-`);
  mkdirSync(`${dir}/tree`);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** What `program args` writes of a tree that holds `members`, read by us, against the tree itself. */
function expectRead(members: readonly Member[], program: string, args: readonly string[], locale = "C"): void {
  makeTree(`${dir}/tree`, inOrder(members));
  const archive = run(program, [...args, "-cf", "-", "-C", `${dir}/tree`, "."], undefined, locale);
  expect(modelOfArchive(readArchive(archive))).toEqual(modelOfTree(`${dir}/tree`));
}

/** What `program args` extracts of an archive of ours, against what we meant. */
function expectWritten(members: readonly Member[], program: string, args: readonly string[], locale = "C"): void {
  writeFileSync(`${dir}/archive.tar`, writeArchive(inOrder(members)));
  run(program, [...args, "-xpf", `${dir}/archive.tar`, "-C", `${dir}/tree`], undefined, locale);
  const root = (item: Item) => program === "bsdtar" && item.path === "";
  // bsdtar leaves the time of `./` to the first file it makes there, in its own archives too.
  const expected = modelOfArchive(members).filter((item) => !root(item));
  expect(modelOfTree(`${dir}/tree`).filter((item) => !root(item))).toEqual(expected);
}

const GNU_ALL = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner"];
const BSD_ALL = ["--xattrs", "--acls", "--numeric-owner"];

describeWithOracle("tar", "what GNU tar writes is read as it was", () => {
  it("v7", () => expectRead(PLAIN, "tar", ["--format=v7", "--numeric-owner"]));
  it("ustar", () => expectRead(USTAR, "tar", ["--format=ustar", "--numeric-owner"]));
  it("gnu", () => expectRead(GNU, "tar", ["--format=gnu", "--numeric-owner"]));
  it("oldgnu", () => expectRead(GNU, "tar", ["--format=oldgnu", "--numeric-owner"]));
  it.each(["C", "C.UTF-8"])("pax with xattrs and ACLs, in %s", (locale) => {
    expectRead([...paxTree({ negativeFraction: true }), ESCAPED_NAMES], "tar", ["--format=pax", ...GNU_ALL], locale);
  });
  it("pax with ACLs alone: their text is enough", () => {
    const acls = paxTree({ negativeFraction: false }).filter(({ entry }) => !entry.path.includes("xattrs"));
    expectRead(acls, "tar", ["--format=pax", "--acls", "--numeric-owner"]);
  });
});

describeWithOracle("bsdtar", "what bsdtar writes is read as it was", () => {
  it("v7", () => expectRead(PLAIN, "bsdtar", ["--format=v7", "--numeric-owner"]));
  it("ustar", () => expectRead(USTAR, "bsdtar", ["--format=ustar", "--numeric-owner"]));
  // libarchive writes such times as 0 and as the largest of 11 octal digits.
  const gnutar = GNU.filter(({ entry }) => entry.mtimeSec >= 0 && entry.mtimeSec < 8 ** 11);
  it("gnutar", () => expectRead(gnutar, "bsdtar", ["--format=gnutar", "--numeric-owner"]));
  it("pax", () => expectRead(paxTree({ negativeFraction: false }), "bsdtar", ["--format=pax", ...BSD_ALL], "C.UTF-8"));
  it("pax with attribute names in need of escapes", () =>
    expectRead([...PLAIN, ESCAPED_NAMES], "bsdtar", ["--format=pax", ...BSD_ALL]));
});

describeWithOracle("tar", "what we write GNU tar extracts as it was", () => {
  it.each(["C", "C.UTF-8"])("everything, in %s", (locale) => {
    expectWritten([...paxTree({ negativeFraction: true }), ESCAPED_NAMES], "tar", GNU_ALL, locale);
  });
  it("with --acls alone", () => {
    const acls = paxTree({ negativeFraction: false }).filter(({ entry }) => !entry.path.includes("xattrs"));
    expectWritten(acls, "tar", ["--acls", "--numeric-owner"]);
  });
  it("with --xattrs alone", () => {
    expectWritten(paxTree({ negativeFraction: false }), "tar", ["--xattrs", "--xattrs-include=*", "--numeric-owner"]);
  });
});

describeWithOracle("bsdtar", "what we write bsdtar extracts as it was", () => {
  // libarchive 3.6 reads -0.5 as 0.5, and does not undo GNU tar's escapes in attribute names.
  it("everything it can", () => expectWritten(paxTree({ negativeFraction: false }), "bsdtar", BSD_ALL, "C.UTF-8"));
});
