import type { Condition } from "@copyup/core";
import { AT_FDCWD, existsAt, readWholeFile } from "@copyup/linux";

const PARAMETER = "/sys/module/overlay/parameters/xino_auto";

/** The kernel's own default (CONFIG_OVERLAY_FS_XINO_AUTO, or the module's parameter), which our mounts leave as it is. */
export const withoutXinoAuto: Condition = {
  text: "where the kernel's default is xino=off",
  // No such file: overlay is a module that nothing has loaded yet.
  holds: () => !existsAt(AT_FDCWD, PARAMETER) || readWholeFile(AT_FDCWD, PARAMETER).toString().trim() !== "Y",
};
