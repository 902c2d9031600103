import { mknodAt, S_IFBLK, S_IFCHR, S_IFIFO, S_IFSOCK } from "@copyup/linux";
import fc from "fast-check";
import type { Mknod } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { freeName } from "../wish.ts";

const TYPES = { fifo: S_IFIFO, char: S_IFCHR, block: S_IFBLK, socket: S_IFSOCK } as const;

type Numbers = [type: Mknod["type"], major: number, minor: number];
const FOR_ANYBODY: Numbers[] = [
  ["fifo", 0, 0],
  ["socket", 0, 0],
];
/** Never opened, whatever they are. The second needs more than 8 bits. */
const FOR_ROOT: Numbers[] = [
  ["char", 1, 3],
  ["block", 259, 70_000],
  ["char", 0, 1],
];
const UNSAYABLE: Numbers[] = [["char", 0, 0]];

export const mknod: Operation<Mknod> = {
  name: "mknod",
  generate(kit) {
    const nodes = [
      ...FOR_ANYBODY,
      ...(kit.privileged ? FOR_ROOT : []),
      ...(kit.privileged && kit.unsayable ? UNSAYABLE : []),
    ];
    return fc
      .tuple(freeName, fc.constantFrom(...nodes))
      .map(([at, [type, major, minor]]) => ({ do: "mknod", at, type, major, minor }));
  },
  run: (ground, { at, type, major, minor }) => mknodAt(ground.fd, ground.at(at), TYPES[type] | 0o640, major, minor),
  writes: () => [],
  tell: ({ at, type, major, minor }, path) => `mknod ${path(at)} ${type} ${major}:${minor}`,
  shell({ at, type, major, minor }, path) {
    if (type === "fifo") return `(umask 137; mkfifo ${path(at)})`;
    // No command makes a socket without listening on it.
    if (type === "socket") return `(umask 137; mkfifo ${path(at)}) # a socket in the program`;
    return `(umask 137; mknod ${path(at)} ${type === "char" ? "c" : "b"} ${major} ${minor})`;
  },
};
