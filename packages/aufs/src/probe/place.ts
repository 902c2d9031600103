import { type Directory, type Finding, unsayableInAufs } from "@copyup/core";

const ELSEWHERE = "put the store on ext4, xfs or tmpfs (in a container: on a volume), or use plain-copy";

/** What a branch must not lie on, and why. aufs and overlay are EINVAL (6.1); the others Docker's driver refused, and so does this one. */
const UNSUITABLE: Readonly<Record<string, string>> = {
  aufs: "aufs takes no branch on an aufs",
  overlay: "aufs takes no writable branch on an overlay",
  ecryptfs: "aufs on ecryptfs is not tried here: Docker's driver refused it",
  btrfs: "aufs on btrfs is not tried here: Docker's driver refused it",
};

export function filesystemFinding({ path, filesystem }: Directory): Finding {
  const why = UNSUITABLE[filesystem];
  return {
    feature: "filesystem",
    ok: why === undefined,
    required: true,
    kind: "unsuitable-fs",
    evidence: why === undefined ? `${path} is on ${filesystem}` : `${path} is on ${filesystem}: ${why}`,
    fix: why === undefined ? null : ELSEWHERE,
  };
}

/** Branches are told in one string in which these characters stand for something, and no escape is known. */
export function pathFinding(path: string): Finding {
  const bad = unsayableInAufs(path);
  return {
    feature: "path",
    ok: bad === null,
    required: true,
    kind: "prerequisite",
    evidence:
      bad === null
        ? "the path can be said to aufs"
        : `the path ${JSON.stringify(path)} has ${JSON.stringify(bad)} in it`,
    fix: bad === null ? null : "choose a path without `,` `:` `=` and newline: aufs knows no escape for them",
  };
}
