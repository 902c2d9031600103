import { S_IFLNK, S_IFREG } from "@copyup/linux";
import type { Edit } from "../edit.ts";
import { operationOf } from "../operations/index.ts";
import type { Place } from "../place.ts";
import type { ModelledDeviation } from "./deviation.ts";

/** What fuse-overlayfs does that cannot be said of a plain directory: programs go round it, and its own check looks at it. */

function touched(edit: Edit): readonly Place[] {
  return "from" in edit ? [edit.from, edit.to] : operationOf(edit).writes(edit);
}

function anyTouched(edit: Edit, is: (place: Place) => boolean): boolean {
  return touched(edit).some(is);
}

/** Names of one lower file: a mount shows one inode, the layer's archive does not. */
export const linksInMountsOnly: ModelledDeviation = {
  check: "CU07",
  outcome: "in-mounts-only",
  avoids: (edit, model) =>
    edit.do === "link" ||
    anyTouched(edit, (place) => model.isLowerLink(place)) ||
    ("at" in edit && model.isLowerLink(edit.at)),
};

/** Copy-ups and new files lose set-id bits, so none is ever set. */
export const noSetId: ModelledDeviation = {
  check: "CU02",
  outcome: "suid-lost",
  avoids: (edit) => "mode" in edit && (edit.mode & 0o6000) !== 0,
};

/** A lower device or socket that is changed becomes an empty file, and cannot be deleted (ENXIO): so none is made. */
export const noNodes: ModelledDeviation = {
  check: "CU19",
  outcome: "nodes-become-files",
  avoids: (edit) => edit.do === "mknod",
};

/** An exchange leaves marks that a later rename forgets: what was exchanged comes back, or is lost. */
export const noExchanges: ModelledDeviation = {
  check: "CU27",
  outcome: "whiteout-hidden",
  avoids: (edit) => edit.do === "exchange",
};

/** A directory that replaced a lower one and is renamed lets that one be seen again; a symlink loses its owner on the way. */
export const onlyFilesMove: ModelledDeviation = {
  check: "WH34",
  outcome: "old-name-back",
  avoids: (edit, model) => edit.do === "rename" && model.typeOf(edit.from) !== S_IFREG,
};

const parentTimes = ({ type, made }: { type: string; made: boolean }) => type === "directory" && made;

export const directoryTimesAndSetgid: ModelledDeviation = {
  check: "CU18",
  outcome: "parent-times-setgid-lost",
  takesTime: parentTimes,
};

/** What is made in a directory with a default ACL gets other modes and ACLs: so none has one. */
export const noDefaultAcls: ModelledDeviation = {
  check: "CU05",
  outcome: "umask-applied",
  avoids: (edit) => edit.do === "setxattr" && edit.name === "system.posix_acl_default",
};

/** A symlink can have none. */
export const noSymlinkXattrs: ModelledDeviation = {
  check: "CU44",
  outcome: "ENOENT",
  avoids: (edit, model) => (edit.do === "setxattr" || edit.do === "removexattr") && model.typeOf(edit.at) === S_IFLNK,
};
