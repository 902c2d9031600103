import { type AufsStep, type DaemonStep, type MountPlan, type MountStep, TARGET } from "./plan.ts";
import { aufsCalls } from "./plan-aufs.ts";

/** Quotes one word for a POSIX shell; plain words stay as they are. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The shell commands that would do what the plan says, one a line. Without carrying anything out. */
export function renderShell(plan: MountPlan, target: string): string {
  return plan.steps.flatMap((step) => renderStep(step, target)).join("\n");
}

/** In an option string a lower's `:` ends it, a `,` ends the option, and a backslash escapes (overlayfs.rst). */
export function escapeLower(path: string): string {
  return path.replace(/[\\:,]/g, "\\$&");
}

/** upperdir and workdir are one path each, so `:` is an ordinary character there; `,` and backslash are not. */
export function escapeUpper(path: string): string {
  return path.replace(/[\\,]/g, "\\$&");
}

/** mount(2)'s data for an overlay: what stands after `-o`. */
export function overlayOptions(step: Extract<MountStep, { type: "overlay" }>): string {
  const options = [...step.options, `lowerdir=${step.lowers.map(escapeLower).join(":")}`];
  if (step.upper !== null && step.work !== null) {
    options.push(`upperdir=${escapeUpper(step.upper)}`, `workdir=${escapeUpper(step.work)}`);
  }
  return options.join(",");
}

/** The program and its arguments for that target, without those that keep it in the foreground. */
export function daemonArguments(step: DaemonStep, target: string): string[] {
  return step.argv.map((word) => (word === TARGET ? target : word));
}

function renderStep(step: MountStep, target: string): string[] {
  switch (step.type) {
    case "overlay":
      return [`mount -t overlay overlay -o ${shellWord(overlayOptions(step))} ${shellWord(target)}`];
    case "bind": {
      const bind = `mount --bind ${shellWord(step.source)} ${shellWord(target)}`;
      return step.readonly ? [bind, `mount -o remount,bind,ro ${shellWord(target)}`] : [bind];
    }
    case "path":
      return [`ls ${shellWord(step.source)}   # no mount: the directory itself`];
    case "aufs":
      return renderAufs(step, target);
    case "daemon":
      return [`(cd ${shellWord(step.cwd)} && ${daemonArguments(step, target).map(shellWord).join(" ")})`];
  }
}

/** By hand one name for the table of inode numbers will do: aufs unlinks it at once. */
function renderAufs(step: AufsStep, target: string): string[] {
  const [directory] = step.xino;
  const { mount, appends } = aufsCalls(step, directory === undefined ? null : `${directory}/.copyup-by-hand.xino`);
  const flag = step.readonly ? "-r " : "";
  const at = shellWord(target);
  return [
    `mount -i -t aufs ${flag}-o ${shellWord(mount)} none ${at}`,
    ...appends.map((data) => `mount -i ${flag}-o ${shellWord(`remount,${data}`)} ${at}`),
  ];
}
