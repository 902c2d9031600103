import type { Edit } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { append } from "./append.ts";
import { chmod } from "./chmod.ts";
import { chown } from "./chown.ts";
import { create } from "./create.ts";
import { exchange } from "./exchange.ts";
import { hold } from "./hold.ts";
import { link } from "./link.ts";
import { mkdir } from "./mkdir.ts";
import { mknod } from "./mknod.ts";
import { remake } from "./remake.ts";
import { removeAll } from "./remove-all.ts";
import { removeXattr } from "./remove-xattr.ts";
import { rename } from "./rename.ts";
import { rmdir } from "./rmdir.ts";
import { setXattr } from "./set-xattr.ts";
import { symlink } from "./symlink.ts";
import { temporaryFile } from "./temporary-file.ts";
import { truncate } from "./truncate.ts";
import { unlink } from "./unlink.ts";
import { useHeld } from "./use-held.ts";
import { utimes } from "./utimes.ts";
import { write } from "./write.ts";

const operations: { readonly [Name in Edit["do"]]: Operation<Extract<Edit, { do: Name }>> } = {
  create,
  mkdir,
  write,
  append,
  truncate,
  tmpfile: temporaryFile,
  symlink,
  link,
  mknod,
  unlink,
  rmdir,
  "remove-all": removeAll,
  remake,
  rename,
  exchange,
  chmod,
  chown,
  utimes,
  setxattr: setXattr,
  removexattr: removeXattr,
  hold,
  "use-held": useHeld,
};

/** How often each comes up: [while the base is made, afterwards]. */
const WEIGHTS: { readonly [Name in Edit["do"]]: readonly [base: number, later: number] } = {
  create: [10, 5],
  mkdir: [8, 5],
  write: [1, 4],
  append: [1, 2],
  truncate: [0, 2],
  tmpfile: [1, 1],
  symlink: [2, 2],
  link: [4, 5],
  mknod: [2, 2],
  unlink: [0, 4],
  rmdir: [0, 3],
  "remove-all": [0, 3],
  remake: [0, 4],
  rename: [1, 6],
  exchange: [0, 2],
  chmod: [2, 2],
  chown: [2, 2],
  utimes: [2, 2],
  setxattr: [3, 3],
  removexattr: [0, 3],
  hold: [0, 3],
  "use-held": [0, 3],
};

/** Every edit is run by the operation of its own name. */
export function operationOf(edit: Edit): Operation {
  return operations[edit.do] as unknown as Operation;
}

export function weighted(phase: "base" | "later"): { operation: Operation; weight: number }[] {
  return Object.values(operations)
    .map((operation) => operation as unknown as Operation)
    .map((operation) => ({ operation, weight: WEIGHTS[operation.name][phase === "base" ? 0 : 1] }))
    .filter(({ weight }) => weight > 0);
}
