import type { IdRange, UserNamespace } from "@copyup/linux";

/** One line on which ids there are, and how to get more. */
export function namespaceNote({ maps, whyOneId }: Pick<UserNamespace, "maps" | "whyOneId">): string {
  const [own] = maps.uids;
  const me = `root of a user namespace: id 0 is you (uid ${own?.outside})`;
  if (whyOneId === null) return `${me}, ${rest(maps.uids, "uids")}, ${rest(maps.gids, "gids")}`;
  const more =
    whyOneId === "asked for"
      ? ""
      : `; for more: \`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER\` as root, and the package uidmap`;
  return `${me}, and there are no other ids (${whyOneId})${more}`;
}

function rest(map: readonly IdRange[], what: string): string {
  return map
    .slice(1)
    .map(
      ({ inside, outside, count }) => `${what} ${inside}-${inside + count - 1} are ${outside}-${outside + count - 1}`,
    )
    .join(", ");
}
