import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { Contestant, Workload } from "../workload.ts";
import { noTar, runProgram, versionOf } from "../workloads/programs.ts";
import { readTar } from "../workloads/subject.ts";
import type { Ground } from "./ground.ts";

const noBsdtar = () => (versionOf("bsdtar") ? undefined : "not installed (Debian package libarchive-tools)");

export function apply(ground: Ground, runs: number): Workload {
  const { tar, host } = ground;
  const attributes = host.fullRoot ? ["--numeric-owner", "--xattrs", "--xattrs-include=*", "-p"] : ["--no-same-owner"];
  return {
    name: "apply",
    question: `What does it cost to turn a layer tar of ${ground.many.entries} small entries into a layer?`,
    fairness:
      "C, the drivers and the pipes take sha256 of the bytes and wait for the disk (one syncfs). The drivers also check every path, write a manifest and publish.",
    runs,
    contestants: [
      extraction(ground, "C", "absent" in ground.yardsticks ? ground.yardsticks : undefined, (to) => [
        "absent" in ground.yardsticks ? "" : ground.yardsticks.programs.apply,
        [tar, to],
      ]),
      ...ground.stands.map(({ driver, store }): Contestant => {
        let made: string | undefined;
        return {
          name: driver.name,
          run: async () => {
            made = (await store.apply(readTar(tar), { lossy: !host.fullRoot })).layer.id;
          },
          after: async () => {
            if (made !== undefined) await store.remove(made);
          },
        };
      }),
      extraction(ground, "GNU tar", absence(noTar()), (to) => [
        "sh",
        piped(`tar -xf - ${attributes.join(" ")} -C "$1"`, tar, to),
      ]),
      extraction(ground, "bsdtar", absence(noBsdtar()), (to) => [
        "sh",
        piped(`bsdtar -xp${host.fullRoot ? "" : "o"}f - -C "$1"`, tar, to),
      ]),
    ],
  };
}

const absence = (absent: string | undefined) => (absent === undefined ? undefined : { absent });

/** The same work as ours: the bytes' digest, and everything on the disk. */
function piped(extract: string, tar: string, to: string): string[] {
  return ["-c", `exec 3<"$0"; sha256sum <&3 >/dev/null & ${extract} <"$0" && sync -f "$1"; wait`, tar, to];
}

function extraction(
  ground: Ground,
  name: string,
  absent: { readonly absent: string } | undefined,
  command: (to: string) => readonly [string, readonly string[]],
): Contestant {
  const to = path.join(ground.dir, `extracted-${name.replace(/\W/g, "-")}`);
  return {
    name,
    ...absent,
    before: async () => void mkdirSync(to),
    run: async () => {
      const [program, words] = command(to);
      await runProgram(program, words, ground.dir);
    },
    after: () => removeTree(to),
  };
}

export function diff(ground: Ground, runs: number): Workload {
  const { tree, host, yardsticks } = ground;
  const tarFlags = `--format=pax --sort=name --numeric-owner ${host.fullRoot ? "--xattrs" : ""}`;
  const read = (name: string, absent: string | undefined, script: string, words: readonly string[]): Contestant => ({
    name,
    ...absence(absent),
    run: () => runProgram("sh", ["-c", script, ...words], ground.dir),
  });
  return {
    name: "diff",
    question: `What does it cost to export a layer of ${ground.many.entries} small entries as a tar?`,
    fairness:
      "Into a pipe, whose reader throws it away. C and the drivers take sha256 of the bytes, the programs do not.",
    runs,
    contestants: [
      read(
        "C",
        "absent" in yardsticks ? yardsticks.absent : undefined,
        '"$0" "$1" 2>/dev/null | cat >/dev/null',
        "absent" in yardsticks ? [] : [yardsticks.programs.diff, tree],
      ),
      ...ground.stands.map(
        ({ driver, store, many }): Contestant => ({
          name: driver.name,
          run: async () => {
            let bytes = 0;
            for await (const piece of store.diff(many.id)) bytes += piece.length;
            if (bytes === 0) throw new Error("an empty diff");
          },
        }),
      ),
      read("GNU tar", noTar(), `tar ${tarFlags} -C "$0" -cf - . | cat >/dev/null`, [tree]),
      read("bsdtar", noBsdtar(), 'bsdtar --format pax -C "$0" -cf - . | cat >/dev/null', [tree]),
    ],
  };
}
