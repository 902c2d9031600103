import { setXattr as setXattrOf } from "@copyup/linux";
import fc from "fast-check";
import { aclForUser, capabilityXattr } from "../../tree/xattr-values.ts";
import type { SetXattr } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { quoted } from "../script/shell-paths.ts";
import { existing } from "../wish.ts";

type Pair = [name: string, value: Buffer];

/** Text, nothing, and bytes that text tools trip over. Small: how much fits is the filesystem's business. */
const VALUES = [Buffer.from("v"), Buffer.alloc(0), Buffer.from([0, 1, 0x0a, 0x3d, 0xff]), Buffer.alloc(200, "w")];
const NAMES = ["user.a", "user.a", "user.b", "user.e=q%3D"];
const ROOTS_NAMES = ["trusted.t"];
const ROOTS: Pair[] = [["security.capability", capabilityXattr(13)]];
const ACLS: Pair[] = [
  ["system.posix_acl_access", aclForUser(1000, 6)],
  ["system.posix_acl_default", aclForUser(1000, 5)],
];

export const setXattr: Operation<SetXattr> = {
  name: "setxattr",
  generate(kit) {
    const names = kit.privileged ? [...NAMES, ...ROOTS_NAMES] : NAMES;
    const pairs: Pair[] = names.flatMap((name) => VALUES.map((value): Pair => [name, value]));
    const all = [...pairs, ...ACLS, ...(kit.privileged ? ROOTS : [])];
    return fc
      .tuple(existing, fc.constantFrom(...all))
      .map(([at, [name, value]]) => ({ do: "setxattr", at, name, value: value.toString("hex") }));
  },
  run: (ground, { at, name, value }) => setXattrOf(ground.full(at), name, Buffer.from(value, "hex")),
  writes: ({ at }) => [at],
  tell: ({ at, name, value }, path) => `setxattr ${path(at)} ${name}=0x${value}`,
  shell: ({ at, name, value }, path) =>
    `setfattr -h -n ${quoted(name)} ${value === "" ? "" : `-v 0x${value} `}${path(at)}`,
};
