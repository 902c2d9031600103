import { StorageError } from "@copyup/core";

export interface OverlayOptions {
  /** Inode numbers that are unique although the layers lie on several filesystems; null: as the kernel has it by default. */
  readonly xino: "auto" | "on" | "off" | null;
}

/** Overlay's options that are not for choosing, and why: see docs/decisions/0021. */
const FORCED: Readonly<Record<string, string>> = {
  index: "an index ties an upper to its lowers' inodes, so a copied or moved layer would not mount (ESTALE)",
  metacopy: "a layer would hold empty files in the place of data, which only overlay can read",
  redirect_dir: "a layer would hold directories whose content lies elsewhere, which a kernel may refuse to follow",
  nfs_export: "it needs index=on",
  userxattr: "it follows from whether the store is in a user namespace",
  volatile: "a crash would leave a layer that the kernel refuses to mount again",
};

/** Throws `BAD_OPTION`. */
export function parseOptions(given: Readonly<Record<string, unknown>>): OverlayOptions {
  let xino: OverlayOptions["xino"] = null;
  for (const [name, value] of Object.entries(given)) {
    if (name !== "xino") throw badOption(name, FORCED[name]);
    if (value !== "auto" && value !== "on" && value !== "off") throw badValue(value);
    xino = value;
  }
  return { xino };
}

function badOption(name: string, why: string | undefined): StorageError {
  return new StorageError({
    code: "BAD_OPTION",
    op: "open",
    driver: "overlay2",
    message:
      why === undefined ? `overlay2 has no option "${name}"` : `overlay2 does not let "${name}" be chosen: ${why}`,
    hint: "the only option is xino (auto, on, off)",
  });
}

function badValue(value: unknown): StorageError {
  return new StorageError({
    code: "BAD_OPTION",
    op: "open",
    driver: "overlay2",
    message: `xino cannot be ${JSON.stringify(value)}`,
    hint: "xino is auto, on or off",
  });
}
