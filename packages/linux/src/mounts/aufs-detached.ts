import { type AufsStep, aufsCalls } from "@copyup/core";
import { MountContext } from "./calls.ts";
import { withKernelLog } from "./kernel-log.ts";

/**
 * An aufs that is attached nowhere: nobody else ever sees it, and it is gone with its descriptor, also when the process is
 * killed. For trials. Its branches must fit in a value of 255 bytes: name them by descriptor. Without a table of inode numbers.
 * Throws SystemError.
 */
export function detachedAufs(step: AufsStep): number {
  const make = () => {
    using context = new MountContext("aufs");
    const { mount } = aufsCalls(step, null);
    for (const word of mount.split(",")) {
      if (word.startsWith("br:")) context.string("br", word.slice("br:".length));
      else context.flag(word);
    }
    return context.create();
  };
  return withKernelLog("aufs", make);
}
