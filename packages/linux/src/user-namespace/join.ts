import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { closeFd } from "../files/files.ts";
import { findProgram } from "../mounts/daemon/find-program.ts";
import { execProgram, keepOverExec } from "../process/exec-program.ts";
import type { UserNamespace } from "./make.ts";

/**
 * Becomes `argv` inside the namespace, as its root, by way of util-linux' nsenter (it has one thread). The holder is still
 * there then: `argv` must begin with `releaseHolder`. The working directory is `/`, as after any setns(CLONE_NEWNS). Throws a
 * SystemError if nsenter cannot be run.
 */
export function joinUserNamespace(
  { holder, lifeline }: UserNamespace,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): never {
  const nsenter = findProgram("nsenter") ?? "/usr/bin/nsenter";
  keepOverExec(lifeline);
  // The credentials are right as they are: what we are outside is mapped to 0, and setgroups(2) may be denied.
  const ways = ["--preserve-credentials", `--user=/proc/${holder}/ns/user`, `--mount=/proc/${holder}/ns/mnt`];
  execProgram(nsenter, [nsenter, ...ways, "--", ...argv], env);
}

/** Ends the holder, which is a child of this process (it was so before the exec), so that the next program inherits none. */
export function releaseHolder({ holder, lifeline }: Pick<UserNamespace, "holder" | "lifeline">): void {
  closeFd(lifeline);
  check(libc.waitpid(holder, 0, 0), "waitpid");
}
