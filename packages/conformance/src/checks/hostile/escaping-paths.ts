import type { Check } from "../../check.ts";
import { archive, directory, hardLink, ROOT, symlink } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { hostileGround } from "./ground.ts";

const cites = ["catalogue.md 6 MT", "rules.md rule 6", "GNU tar 1.34 refuses member names with `..`"];

/** MT01 */
export const dotDotInPath: Check = {
  id: "MT01",
  title: "A path with a `..` component is refused and nothing is written outside",
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const path of ["../pwn", "dir/../../pwn", "dir/../pwn", "..", "dir/..", "./../pwn", "/../pwn"]) {
      const tar = archive(ROOT, directory("dir"), { path, data: "out" });
      await ground.refuses(`entry ${path}`, tar, { entry: ".." });
    }
    await ground.refuses("directory ../victim-0", archive(ROOT, directory("../victim-0", { mode: 0o777 })), {
      entry: "..",
    });
  },
};

/** MT02 */
export const absolutePath: Check = {
  id: "MT02",
  title: "An absolute path stays inside the layer",
  cites: [...cites, "GNU tar 1.34 strips the leading `/`"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const path = `${ground.victim}/pwn`;
    const parents = path
      .slice(1)
      .split("/")
      .map((_, i, all) => directory(all.slice(0, i + 1).join("/")))
      .slice(0, -1);
    const view = await ground.accepts(
      "absolute path",
      archive(ROOT, ...parents, { path, data: "in" }, { path: "//x", data: "x" }),
    );
    trial.equal(view.get(path.slice(1))?.text, "in", "the file below the layer's root");
    trial.equal(view.get("x")?.text, "x", "a path with two leading slashes");
    const links = archive(ROOT, { path: "/x", data: "x" }, hardLink("/y", "/x"), symlink("/z", "/x"));
    const linked = await ground.accepts("absolute links", links);
    trial.equal(linked.get("y")?.firstName, "x", "a hard link's absolute target is the layer's own file");
    trial.equal(linked.get("z")?.text, "/x", "a symlink's text is kept");
  },
};

/** MT03 */
export const writeThroughSymlink: Check = {
  id: "MT03",
  title: "A symlink of the archive to a directory of the host is never written through",
  cites: [...cites, "layers.md: a symlink from the same archive is followed inside the root", "CVE-2018-15664"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const { victim } = ground;
    for (const [what, target] of [
      ["absolute", victim],
      ["relative", `../../../../../../../../../..${victim}`],
      ["the root", "/"],
      ["magic", "/proc/self/root"],
      ["magic cwd", "/proc/self/cwd"],
    ] as const) {
      const inside = what === "the root" ? `host${victim}/pwn` : "host/pwn";
      const tar = archive(ROOT, symlink("host", target), { path: inside, data: "out" });
      const view = await ground.contains(`${what} symlink to ${target}`, tar, null);
      if (view) trial.equal(countOf(view, "pwn"), 1, `${what}: the file is inside, once`);
      const onto = archive(ROOT, symlink("host", `${target}/secret`), { path: "host", data: "out" });
      const replaced = await ground.accepts(`${what}: a file in the symlink's place`, onto, null);
      trial.equal(replaced.get("host")?.type, "file", `${what}: the later file replaces the symlink`);
    }
  },
};

/** MT04 */
export const hardLinkOutside: Check = {
  id: "MT04",
  title: "A hard link cannot reach a file outside, nor be used to overwrite one",
  cites: [...cites, "CVE-2016-6321 and its kin"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const secret = `${ground.victim}/secret`;
    const up = `../../../../../../../../../..${secret}`;
    for (const target of [secret, up, "ln/secret", "host/secret", "..", ""]) {
      const tar = archive(ROOT, symlink("host", ground.victim), hardLink("bait", target), {
        path: "bait",
        data: "overwritten",
      });
      await ground.refuses(`hard link to ${JSON.stringify(target)}`, tar, { entry: "bait" });
    }
    await ground.refuses("hard link to a directory", archive(ROOT, directory("d"), hardLink("bait", "d")), {
      entry: "bait",
    });
  },
};

/** MT05 */
export const symlinkChains: Check = {
  id: "MT05",
  title: "Chains, loops and dangling symlinks as a parent directory lead nowhere outside",
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const to = (...links: [string, string][]) => links.map(([path, link]) => symlink(path, link));
    const chains: [string, ReturnType<typeof to>, string][] = [
      [
        "a chain out",
        to(["a", "b"], ["b", "c"], ["c", ".."], ["d", `a/../../../../../../../..${ground.victim}`]),
        "d/pwn",
      ],
      ["a chain through itself", to(["a", "."], ["b", "a/a/a/.."], ["c", "b/b/.."]), "c/pwn"],
      ["dangling", to(["a", "nowhere/at/all"]), "a/pwn"],
      ["dangling outside", to(["a", `${ground.victim}/new`]), "a/pwn"],
      ["into the parent's link", to(["a", "ln"]), "a/pwn"],
      ["up the parent's link", to(["a", "up/up/up"]), "a/pwn"],
    ];
    for (const [what, links, path] of chains) {
      const view = await ground.contains(what, archive(ROOT, ...links, { path, data: "x" }));
      if (view) trial.equal(countOf(view, "pwn"), 1, `${what}: the file is inside, once`);
    }
    await ground.refuses("dots after a link", archive(ROOT, symlink("a", "."), { path: "a/../../x", data: "x" }));
    await ground.refuses("a loop", archive(ROOT, ...to(["a", "b"], ["b", "a"]), { path: "a/pwn", data: "x" }), {
      entry: "a/pwn",
    });
  },
};

function countOf(view: ReadonlyMap<string, unknown>, name: string): number {
  return [...view.keys()].filter((path) => path === name || path.endsWith(`/${name}`)).length;
}
