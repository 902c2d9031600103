/** `count` ids: `inside` and the following of the namespace are `outside` and the following of the one around it. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export interface IdMaps {
  readonly uids: readonly IdRange[];
  readonly gids: readonly IdRange[];
}

/** The kernel's limit on lines of a map (user_namespaces(7), since 4.15). */
const MAX_RANGES = 340;

/**
 * The ranges a user was given in the text of /etc/subuid or /etc/subgid, in its order: lines `NAME-OR-UID:START:COUNT`
 * (subuid(5)). What is no such line is passed over, as newuidmap does.
 */
export function subordinateIds(
  text: string,
  user: { name: string | null; uid: number },
): [start: number, count: number][] {
  const found: [number, number][] = [];
  for (const line of text.split("\n")) {
    const match = /^([^:#]+):(\d+):(\d+)\s*$/.exec(line);
    if (match === null || (match[1] !== user.name && match[1] !== String(user.uid))) continue;
    const [start, count] = [Number(match[2]), Number(match[3])];
    if (count > 0 && start + count <= 2 ** 32 - 1) found.push([start, count]);
  }
  return found;
}

/** One's own id becomes 0, the subordinate ones 1 and following: what every rootless engine maps. */
export function mapWith(own: number, subordinate: readonly (readonly [start: number, count: number])[]): IdRange[] {
  const map: IdRange[] = [{ inside: 0, outside: own, count: 1 }];
  let inside = 1;
  for (const [outside, count] of subordinate.slice(0, MAX_RANGES - 1)) {
    map.push({ inside, outside, count });
    inside += count;
  }
  return map;
}

/** Of the text of /proc/PID/uid_map or gid_map. */
export function parseIdMap(text: string): IdRange[] {
  const numbers = (line: string) => line.trim().split(/\s+/).map(Number);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [inside = 0, outside = 0, count = 0] = numbers(line);
      return { inside, outside, count };
    });
}

/** As the kernel takes it. */
export function renderIdMap(map: readonly IdRange[]): string {
  return map.map(({ inside, outside, count }) => `${inside} ${outside} ${count}\n`).join("");
}
