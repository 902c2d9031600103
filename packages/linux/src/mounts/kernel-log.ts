import { AT_FDCWD, O_CLOEXEC, O_NONBLOCK, O_RDONLY } from "../constants.ts";
import { EPIPE, isSystemError, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, pin } from "../ffi/memory.ts";

const SEEK_END = 2;
/** CONSOLE_EXT_LOG_MAX: a shorter read of a longer record is EINVAL. */
const record = pin(8192);

/** What the kernel says from now on. The log belongs to the whole machine, so others may be spoken of too. */
export class KernelLog implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Null where it may not be read: mostly only root may. */
  static open(): KernelLog | null {
    const fd = libc.openat(AT_FDCWD, cstring("/dev/kmsg"), O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd < 0) return null;
    libc.lseek(fd, 0, SEEK_END);
    return new KernelLog(fd);
  }

  /** The sentences since the last call, each with the seconds since boot. */
  read(limit = 64): KernelSentence[] {
    const said: KernelSentence[] = [];
    // One record a read: `6,339,5140900,-;overlayfs: missing 'lowerdir'`, and lines of further fields.
    for (let i = 0; i < limit; i++) {
      const got = libc.read(this.#fd, record.ptr, record.buffer.length);
      // The oldest records were overwritten under the reader: the next read goes on with what is left.
      if (got === -EPIPE) continue;
      if (got <= 0) break;
      const text = record.buffer.toString("utf8", 0, got);
      const start = text.indexOf(";");
      const microseconds = Number(text.slice(0, start).split(",")[2] ?? 0);
      said.push({ seconds: microseconds / 1e6, text: (text.slice(start + 1).split("\n")[0] ?? "").trim() });
    }
    return said;
  }

  [Symbol.dispose](): void {
    libc.close(this.#fd);
  }
}

export interface KernelSentence {
  /** Since boot. */
  readonly seconds: number;
  readonly text: string;
}

/**
 * Runs `act`; if it fails without the kernel's own sentence, the sentences with that prefix that the kernel logged meanwhile
 * are put in. Overlay says why it refuses to create a superblock in the log only (seen 5.10 to 6.18), and only root may read
 * it. Another mount made at the same moment may speak too.
 */
export function withKernelLog<T>(prefix: string, act: () => T): T {
  using log = KernelLog.open();
  try {
    return act();
  } catch (error) {
    if (log === null || !isSystemError(error) || error.kernelMessage !== undefined) throw error;
    const said = log.read().filter(({ text }) => text.startsWith(prefix));
    if (said.length === 0) throw error;
    throw new SystemError(error.syscall, error.errno, error.path, said.map(({ text }) => text).join("; "));
  }
}
