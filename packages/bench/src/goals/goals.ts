import type { Goal } from "./goal.ts";

/** They do what the drivers do; GNU tar and bsdtar extract and no more. */
const GO_PROGRAMS = ["containerd overlayfs", "containers-storage overlay", "umoci"];

/** Who looks at one upper directory alone is no measure for who compares two trees. */
const WHOLE_TREE_COMPARERS = ["containers-storage vfs", "rsync"];

/**
 * The project's goals. C doing the same work is the limit of the machine; where a program is the goal, it is what people would
 * use instead.
 */
export const GOALS: readonly Goal[] = [
  { workload: "mount-10", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "mount-120", contestant: "overlay2", against: "C", atMost: 1.15 },
  { workload: "mount-120", contestant: "overlay2", against: "best peer", atMost: 0.7 },
  { workload: "apply", contestant: "overlay2", against: "C", atMost: 1.25 },
  { workload: "apply", contestant: "overlay2", against: GO_PROGRAMS, atMost: 0.35 },
  { workload: "apply-gz", contestant: "overlay2", against: "C", atMost: 1.2 },
  { workload: "apply-gz", contestant: "overlay2", against: GO_PROGRAMS, atMost: 0.45 },
  { workload: "apply-large", contestant: "overlay2", against: "containerd overlayfs", atMost: 0.75 },
  { workload: "apply-large", contestant: "overlay2", against: "containerd overlayfs", atMost: 0.9, figure: "wallMs" },
  { workload: "diff", contestant: "overlay2", against: "GNU tar", atMost: 1.15 },
  { workload: "diff", contestant: "overlay2", against: "containerd overlayfs", atMost: 0.9 },
  { workload: "changes", contestant: "plain-copy", against: "find ×2", atMost: 1.15 },
  { workload: "changes", contestant: "plain-copy", against: WHOLE_TREE_COMPARERS, atMost: 0.4 },
  { workload: "copy", contestant: "plain-copy", against: "cp -a", atMost: 1.05 },
  { workload: "copy", contestant: "plain-copy", against: "containerd native", atMost: 0.75 },
  { workload: "start", contestant: "copyup layer ls", against: "node", atMost: 1.8 },
  { workload: "command-apply", contestant: "copyup layer apply", against: "GNU tar", atMost: 1.9 },
  { workload: "command-apply", contestant: "copyup layer apply", against: null, atMost: 160e6, figure: "peakBytes" },
  ...["layer apply, plain", "layer apply, gzip", "layer apply, zstd", "layer diff"].map(
    (contestant): Goal => ({
      workload: "command-memory-1000",
      contestant,
      against: null,
      atMost: 160e6,
      figure: "peakBytes",
    }),
  ),
  ...["directories", "links", "names"].flatMap((what) =>
    ["layer apply", "layer diff"].map(
      (contestant): Goal => ({
        ...{ workload: `memory-by-${what}-400000`, eachSince: `memory-by-${what}-100000` },
        ...{ contestant, against: null, atMost: 200, figure: "peakBytes" },
      }),
    ),
  ),
];
