import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

/** Names with repetitions, sorted. */
function names(directory: string): string[] {
  return readdirSync(directory).sort();
}

export const unionOfThree: Check = {
  id: "ME01",
  title: "three layers with overlapping names show each name once, with the topmost content",
  cites: ["overlayfs.rst, Upper and Lower, Multiple lower layers", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["d/everywhere", "d/first", "d/first-and-second"]) plantFile(root, name, "1");
    });
    const base = s.baseFingerprint();
    for (const [layer, also] of [
      ["2", ["d/second", "d/first-and-second", "d/second-and-third"]],
      ["3", ["d/third", "d/second-and-third"]],
    ] as const) {
      s.edit((root) => {
        for (const name of ["d/everywhere", ...also]) writeFileSync(`${root}/${name}`, layer);
      });
      await s.commit();
      s.compare();
    }
    t.equal(
      names(`${s.root}/d`).map((name) => `${name}=${readFileSync(`${s.root}/d/${name}`, "latin1")}`),
      ["everywhere=3", "first=1", "first-and-second=2", "second=2", "second-and-third=3", "third=3"],
      "names and contents",
    );
    t.equal(s.baseFingerprint(), base, "the base layer's own directory");
  },
};

export const typesOverTypes: Check = {
  id: "ME02",
  title: "the topmost type wins, and a directory over a file over a directory shows only itself",
  cites: ["overlayfs.rst, Directories", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "file-over-dir/below");
      plantFile(root, "dir-over-file");
      plantFile(root, "link-over-dir/below");
      plantFile(root, "sandwich/below");
      plantDirectory(root, "target");
    });
    s.edit((root) => {
      for (const name of ["file-over-dir", "dir-over-file", "link-over-dir", "sandwich"])
        rmSync(`${root}/${name}`, { recursive: true });
      writeFileSync(`${root}/file-over-dir`, "a file now");
      mkdirSync(`${root}/dir-over-file`);
      symlinkSync("target", `${root}/link-over-dir`);
      writeFileSync(`${root}/sandwich`, "the filling");
    });
    await s.commit();
    s.compare();
    s.edit((root) => {
      rmSync(`${root}/sandwich`);
      mkdirSync(`${root}/sandwich`);
      writeFileSync(`${root}/sandwich/top`, "top");
    });
    await s.commit();
    s.compare();
    t.equal(names(`${s.root}/sandwich`), ["top"], "names in the topmost directory");
    t.equal(names(`${s.root}/dir-over-file`), [], "names in the directory over a file");
  },
};

export const upperAndLowerCase: Check = {
  id: "ME10",
  title: "Foo and foo are two names",
  restsOn: ["names"],
  cites: ["overlayfs.rst, Nesting and casefolding", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/Foo", "big"));
    s.edit((root) => writeFileSync(`${root}/d/foo`, "small"));
    await s.commit();
    s.edit((root) => rmSync(`${root}/d/Foo`));
    s.compare();
    t.equal(names(`${s.root}/d`), ["foo"], "names after deleting Foo");
  },
};
