import { chownAt } from "@copyup/linux";
import fc from "fast-check";
import type { Chown } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

const OWNERS: [uid: number, gid: number][] = [
  [1000, 1000],
  [0, 0],
  [65_534, 5],
  [3_000_000, 4_294_967_294],
];

export const chown: Operation<Chown> = {
  name: "chown",
  generate(kit) {
    const owners = kit.privileged ? OWNERS : [[process.getuid?.() ?? 0, process.getgid?.() ?? 0] as [number, number]];
    return fc.tuple(existing, fc.constantFrom(...owners)).map(([at, [uid, gid]]) => ({ do: "chown", at, uid, gid }));
  },
  run: (ground, { at, uid, gid }) => chownAt(ground.fd, ground.at(at), uid, gid),
  writes: ({ at }) => [at],
  tell: ({ at, uid, gid }, path) => `chown ${path(at)} ${uid}:${gid}`,
  shell: ({ at, uid, gid }, path) => `chown -h ${uid}:${gid} ${path(at)}`,
};
