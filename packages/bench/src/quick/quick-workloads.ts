import { mkdirSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { readTar } from "../ground/read-tar.ts";
import { noTar, runProgram } from "../programs/programs.ts";
import type { Workload } from "../workload.ts";
import { makesLayer } from "../workloads/makes-layer.ts";
import type { Subject } from "./subject.ts";

export interface QuickOptions {
  readonly subjects: readonly Subject[];
  /** The image's layer tars, base first; plain or compressed. */
  readonly layers: readonly string[];
  /** A directory for the programs' output, on the same filesystem as the stores. */
  readonly dir: string;
  /** The base image as a plain tree, for tar -c and cp -a. */
  readonly tree: string;
  readonly lossy: boolean;
  readonly fullRoot: boolean;
}

const HEAVY_RUNS = 5;
const LIGHT_RUNS = 15;

/** The workloads of `copyup compare`: a minute's worth, each answering one question. */
export function quickWorkloads(options: QuickOptions): Workload[] {
  return [apply(options), copy(options), mount(options), changes(options), diff(options)];
}

function apply({ subjects, layers, dir, lossy, fullRoot }: QuickOptions): Workload {
  const file = layers[0]!;
  const output = path.join(dir, "tar-x");
  return {
    name: "apply",
    question: "What does it cost to turn the image's base tar into a layer?",
    fairness:
      "Drivers also hash the archive, check every path inside the root, write a manifest and publish; tar only extracts. Neither waits for the disk here (durability none).",
    runs: HEAVY_RUNS,
    contestants: [
      {
        ...{ name: "GNU tar -x", role: "peer", reads: [file] },
        absent: noTar(),
        before: async () => void mkdirSync(output),
        run: () =>
          runProgram(
            [
              "tar",
              "-xf",
              file,
              "-C",
              output,
              "--numeric-owner",
              ...(fullRoot ? ["--xattrs", "--xattrs-include=*", "-p"] : ["--exclude=dev/*", "--no-same-owner"]),
            ],
            { cwd: dir },
          ),
        after: () => removeTree(output),
      },
      ...subjects.map((subject) =>
        makesLayer(
          subject,
          [file],
          async () => (await subject.store.apply(readTar(file), { lossy, durability: "none" })).layer.id,
        ),
      ),
    ],
  };
}

function copy({ subjects, dir, tree }: QuickOptions): Workload {
  const output = path.join(dir, "cp-a");
  return {
    name: "prepare",
    question: "What does a new writable layer on the image cost?",
    fairness: "A full copy is what plain-copy has to do, and cp -a is that copy alone; overlay2 makes two directories.",
    runs: HEAVY_RUNS,
    contestants: [
      {
        ...{ name: "cp -a", role: "peer", reads: [tree] },
        run: () => runProgram(["cp", "-a", tree, output], { cwd: dir }),
        after: () => removeTree(output),
      },
      ...subjects.map((subject) =>
        makesLayer(
          subject,
          [subject.store.access(subject.base).dir],
          async () => (await subject.store.prepare({ parent: subject.base.id })).id,
        ),
      ),
    ],
  };
}

function mount({ subjects }: QuickOptions): Workload {
  return {
    name: "mount",
    question: "What do ten mounts and unmounts of a view of ten layers cost?",
    fairness:
      "Intent record, mount, verification, record, unmount. plain-copy binds one tree whatever the depth; without mount rights it hands out the path.",
    runs: LIGHT_RUNS,
    contestants: subjects.map((subject) => ({
      name: subject.name,
      role: "ours" as const,
      run: async () => {
        // Ten times: one is shorter than the CPU clock's grain.
        for (let i = 0; i < 10; i++) await (await subject.store.view(subject.deep.id)).unmount();
      },
    })),
  };
}

function changes({ subjects, tree, dir }: QuickOptions): Workload {
  return {
    name: "changes",
    question: "What does it cost to list what an edited layer changed?",
    fairness:
      "overlay2 looks at its upper directory; plain-copy compares two whole trees by their inodes. find lists one tree twice, the least a comparison of two trees must do.",
    runs: LIGHT_RUNS,
    contestants: [
      {
        name: "find ×2",
        role: "limit",
        run: async () => {
          for (let i = 0; i < 2; i++) runProgram(["find", tree, "-printf", "%i %m %U %G %s %T@ %P\\n"], { cwd: dir });
        },
      },
      ...subjects.map((subject) => ({
        name: subject.name,
        role: "ours" as const,
        run: async () => {
          for await (const change of subject.store.changes(subject.edited)) void change;
        },
      })),
    ],
  };
}

function diff({ subjects, tree, dir, fullRoot }: QuickOptions): Workload {
  return {
    name: "diff",
    question: "What does exporting the base layer as a tar cost?",
    fairness: "Drivers also hash the bytes; tar writes to a pipe (into /dev/null it would read no file).",
    runs: HEAVY_RUNS,
    contestants: [
      {
        name: "GNU tar -c",
        role: "peer",
        absent: noTar(),
        run: () =>
          runProgram(
            [
              "sh",
              "-c",
              `tar --format=pax --sort=name --numeric-owner ${fullRoot ? "--xattrs" : ""} -cf - . | cat >/dev/null`,
            ],
            { cwd: tree },
          ),
      },
      ...subjects.map((subject) => ({
        name: subject.name,
        role: "ours" as const,
        run: async () => {
          let bytes = 0;
          for await (const chunk of subject.store.diff(subject.base.id)) bytes += chunk.length;
          if (bytes === 0) throw new Error(`an empty diff in ${dir}`);
        },
      })),
    ],
  };
}
