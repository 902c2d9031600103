import { StorageError } from "@copyup/core";

/** aufs' options that are not for choosing, and why. */
const FORCED: Readonly<Record<string, string>> = {
  br: "the branches follow from the layers",
  dirren: "a renamed directory is empty in a mount without the option",
  dirperm1: "without it a lower directory's mode would hold although the layer changed it",
  acl: "without it an ACL cannot be set in a mount, although those of the layers are shown",
  noplink: "hard links of a lower would be torn when one is written",
  noxino: "inode numbers would change while the mount lasts",
  udba: "nobody changes a layer's directory while it is mounted",
  xino: "the file's name must be new for each mount",
};

/** There are none. Throws `BAD_OPTION`. */
export function parseOptions(given: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(given)) {
    const why = FORCED[name];
    throw new StorageError({
      code: "BAD_OPTION",
      op: "open",
      driver: "aufs",
      message: why === undefined ? `aufs has no option "${name}"` : `aufs does not let "${name}" be chosen: ${why}`,
      hint: "aufs takes no options",
    });
  }
}
