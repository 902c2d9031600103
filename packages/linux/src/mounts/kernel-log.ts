import { AT_FDCWD, O_NONBLOCK, O_RDONLY } from "../constants.ts";
import { EPIPE, isSystemError, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, pin } from "../ffi/memory.ts";

const SEEK_END = 2;
/** CONSOLE_EXT_LOG_MAX: a shorter read of a longer record is EINVAL. */
const record = pin(8192);

/**
 * Runs `act`; if it fails without the kernel's own sentence, the sentences with that prefix that the kernel logged meanwhile
 * are put in. Overlay says why it refuses to create a superblock in the log only (seen 5.10 to 6.18), and only root may read
 * it. The log belongs to the whole machine, so another mount made at the same moment may speak too.
 */
export function withKernelLog<T>(prefix: string, act: () => T): T {
  const log = libc.openat(AT_FDCWD, cstring("/dev/kmsg"), O_RDONLY | O_NONBLOCK, 0);
  if (log < 0) return act();
  try {
    libc.lseek(log, 0, SEEK_END);
    return act();
  } catch (error) {
    if (!isSystemError(error) || error.kernelMessage !== undefined) throw error;
    const said = readRecords(log, prefix);
    if (said === undefined) throw error;
    throw new SystemError(error.syscall, error.errno, error.path, said);
  } finally {
    libc.close(log);
  }
}

/** One record a read: `6,339,5140900,-;overlayfs: missing 'lowerdir'`, and lines of further fields. */
function readRecords(log: number, prefix: string): string | undefined {
  const lines: string[] = [];
  for (let i = 0; i < 64; i++) {
    const got = libc.read(log, record.ptr, record.buffer.length);
    // The oldest records were overwritten under the reader: the next read goes on with what is left.
    if (got === -EPIPE) continue;
    if (got <= 0) break;
    const text = record.buffer.toString("utf8", 0, got);
    const message = text.slice(text.indexOf(";") + 1).split("\n")[0] ?? "";
    if (message.startsWith(prefix)) lines.push(message.trim());
  }
  return lines.length === 0 ? undefined : lines.join("; ");
}
