import {
  closeFd,
  ENOENT,
  isSystemError,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_TRUNC,
  O_WRONLY,
  openAt,
  writeFd,
} from "@copyup/linux";
import fc from "fast-check";
import { size } from "../arguments.ts";
import type { Create } from "../edit.ts";
import type { Ground } from "../ground.ts";
import { openFile, typeAt } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import type { Place } from "../place.ts";
import { freeName } from "../wish.ts";

export const create: Operation<Create> = {
  name: "create",
  generate: (kit) =>
    fc.record({
      do: fc.constant("create"),
      at: freeName,
      mode: kit.privileged ? fc.constantFrom(0o644, 0o666, 0o600, 0o400, 0) : fc.constantFrom(0o644, 0o666, 0o600),
      size,
      exclusive: fc.boolean(),
    }),
  run(ground, { at, mode, size, exclusive }) {
    const fresh = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    const fd =
      exclusive || !exists(ground, at)
        ? openAt(ground.fd, ground.at(at), fresh, mode)
        : openFile(ground, at, O_WRONLY | O_TRUNC);
    try {
      writeFd(fd, Buffer.alloc(size, "n"));
    } finally {
      closeFd(fd);
    }
  },
  writes: ({ at }) => [at],
  tell: ({ at, mode, size, exclusive }, path) =>
    `${exclusive ? "create" : "create or cut"} ${path(at)} ${mode.toString(8)} ${size} bytes`,
  shell({ at, mode, size, exclusive }, path) {
    const make = `(umask ${(0o777 & ~mode).toString(8)}; fill ${size} n | dd of=${path(at)} conv=excl status=none)`;
    return exclusive ? make : `if exists ${path(at)}; then put ${path(at)} 0 ${size} n trunc; else ${make}; fi`;
  },
};

function exists(ground: Ground, at: Place): boolean {
  try {
    typeAt(ground, at);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.errno === ENOENT) return false;
    throw error;
  }
}
