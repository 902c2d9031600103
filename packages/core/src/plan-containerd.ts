import type { MountPlan } from "./plan.ts";
import { escapeLower } from "./plan-shell.ts";

/** containerd's `types.Mount`. */
export interface ContainerdMount {
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/**
 * The plan as containerd's clients carry it out, or null where they could not (then mount here and hand out a bind).
 * They join the options with `,` and use mount(2), so a `,` in a path cannot be said and a page is the limit
 * (containerd core/mount/mount_linux.go); for the type `fuse3.PROGRAM` they start the helper mount.fuse3.
 */
export function renderContainerd(plan: MountPlan): ContainerdMount[] | null {
  const mounts: ContainerdMount[] = [];
  for (const step of plan.steps) {
    // aufs: its table of inode numbers needs a name that is new each time, and long chains need remounts.
    if (step.type === "path" || step.type === "aufs") return null;
    if (step.type === "bind") {
      mounts.push({ type: "bind", source: step.source, options: ["bind", step.readonly ? "ro" : "rw"] });
      continue;
    }
    if (step.type === "daemon") {
      if (step.helper === null) return null;
      mounts.push(step.helper);
      continue;
    }
    const paths = [...step.lowers, ...(step.upper === null ? [] : [step.upper, step.work ?? ""])];
    if (paths.some((path) => path.includes(","))) return null;
    const options = [...step.options];
    if (step.upper !== null && step.work !== null) options.push(`workdir=${step.work}`, `upperdir=${step.upper}`);
    options.push(`lowerdir=${step.lowers.map(escapeLower).join(":")}`);
    if (new TextEncoder().encode(options.join(",")).length > 4095) return null;
    mounts.push({ type: "overlay", source: "overlay", options });
  }
  return mounts;
}
