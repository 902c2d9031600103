import type { PeersFound } from "../peers/guests.ts";

/** Which of other people's programs took part, with what helpers, and how to install the rest, as names and values. */
export function peerRows(peers: PeersFound | null | undefined): [name: string, value: string][] {
  if (!peers) return [];
  const { found, missing } = peers.codecHelpers;
  const absent = [...told(peers.missing), ...told(missing)];
  return [
    ["peers", told(peers.installed).join("; ") || "none is installed"],
    ["codec helpers they may use", told(found).join("; ") || "none"],
    ...(absent.length === 0 ? [] : ([["not installed", absent.join("; ")]] as [string, string][])),
  ];
}

/** Most programs begin what they say of their version with their name. */
function told(programs: Readonly<Record<string, string>>): string[] {
  return Object.entries(programs).map(([name, what]) => (what.startsWith(name) ? what : `${name}: ${what}`));
}
