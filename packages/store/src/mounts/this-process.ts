import { AT_FDCWD, mountNamespace, processStartTime, readlinkAt } from "@copyup/linux";

/** How this process is named in a mount record. */
export interface ThisProcess {
  readonly pid: number;
  /** Clock ticks since boot: pids are reused, pid and start time are not. */
  readonly startTime: string;
  readonly pidNamespace: string;
  readonly bootId: string;
}

export function thisProcess(bootId: string): ThisProcess {
  return {
    pid: process.pid,
    startTime: processStartTime(process.pid) ?? "",
    pidNamespace: readlinkAt(AT_FDCWD, "/proc/self/ns/pid").toString(),
    bootId,
  };
}

/** Asked each time: a process may enter another mount namespace while a store is open. */
export function ownMountNamespace(): string {
  return mountNamespace("self");
}

/** The inode of the initial pid namespace (PROC_PID_INIT_INO, linux/proc_ns.h): from there every process is seen. */
const INITIAL = "pid:[4026531836]";

/** Would we see the processes that live beside that one? */
export function canSee(owner: ThisProcess, self: ThisProcess): boolean {
  return self.pidNamespace === INITIAL || self.pidNamespace === owner.pidNamespace;
}

/** Is the process of that record gone? A pid of another pid namespace means nothing here, so it counts as alive. */
export function isDead(owner: ThisProcess, self: ThisProcess): boolean {
  if (owner.bootId !== self.bootId) return true;
  if (owner.pidNamespace !== self.pidNamespace) return false;
  if (owner.pid === self.pid && owner.startTime === self.startTime) return false;
  return processStartTime(owner.pid) !== owner.startTime;
}
