import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { isSystemError } from "../errors.ts";
import { openAt, withFd } from "../files/files.ts";
import { MountContext } from "./calls.ts";

/** What was tried, and what the kernel said. */
export interface Trial {
  readonly ok: boolean;
  readonly evidence: string;
}

export interface OverlaySupport {
  /** Directories as descriptors (6.13). */
  readonly descriptors: Trial;
  /** `lowerdir+`, one string a directory (6.8). */
  readonly strings: Trial;
}

let known: OverlaySupport | null = null;

/**
 * Which spellings this kernel's overlay takes, found out once a process by giving them to a context that is thrown away
 * before it creates anything. Not by the version: distributions backport, and seccomp filters forbid.
 */
export function overlaySupport(): OverlaySupport {
  if (known !== null) return known;
  const found = tried(() => new MountContext("overlay")[Symbol.dispose](), "fsopen overlay");
  // Not kept: the module may be loaded, or privilege gained, before the next mount.
  if (!found.ok) return { descriptors: found, strings: found };
  known = tryKeys();
  return known;
}

function tryKeys(): OverlaySupport {
  // A context of the old kind (to 6.4) takes every key, and refuses them all together only at CREATE, without a word.
  const bogus = withContext((context) => context.string("copyup-asks-whether-keys-are-read", "1"), "an unknown key");
  if (bogus.ok) {
    const evidence = "fsconfig took an unknown key, so it does not read keys";
    return { descriptors: { ok: false, evidence }, strings: { ok: false, evidence } };
  }
  return {
    descriptors: withContext(
      (context) => withFd(openAt(AT_FDCWD, "/", O_PATH | O_DIRECTORY), (fd) => context.descriptor("lowerdir+", fd)),
      "fsconfig SET_FD lowerdir+",
    ),
    strings: withContext((context) => context.string("lowerdir+", "/"), "fsconfig SET_STRING lowerdir+"),
  };
}

function withContext(use: (context: MountContext) => void, what: string): Trial {
  return tried(() => {
    using context = new MountContext("overlay");
    use(context);
  }, what);
}

function tried(act: () => void, what: string): Trial {
  try {
    act();
    return { ok: true, evidence: `${what}: ok` };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { ok: false, evidence: error.message };
  }
}
