import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { findProgram } from "../mounts/daemon/find-program.ts";
import { type IdMaps, type IdRange, mapWith, renderIdMap } from "./id-maps.ts";

/**
 * Has newuidmap(1) and newgidmap(1) write the maps of a process: they are set-uid or have a file capability, because mapping
 * an id that is not one's own takes CAP_SETUID outside. Gives why they did not, or null.
 */
export function writeWithHelpers(pid: number, maps: IdMaps): string | null {
  return runHelper("newuidmap", pid, maps.uids) ?? runHelper("newgidmap", pid, maps.gids);
}

function runHelper(name: string, pid: number, map: readonly IdRange[]): string | null {
  const file = findProgram(name);
  if (file === null) return `there is no ${name} (install uidmap)`;
  const words = map.flatMap(({ inside, outside, count }) => [inside, outside, count].map(String));
  const { status, error, stderr } = spawnSync(file, [String(pid), ...words], { encoding: "utf8" });
  if (status === 0) return null;
  return `${name} refused: ${stderr?.trim() || error?.message || `status ${status}`}`;
}

/** The one map everybody may write: 0 for oneself. For the group the kernel first wants setgroups(2) given up (CVE-2014-8989). */
export function writeOwnId(pid: number): IdMaps {
  const maps = { uids: mapWith(process.geteuid?.() ?? 0, []), gids: mapWith(process.getegid?.() ?? 0, []) };
  writeFileSync(`/proc/${pid}/setgroups`, "deny");
  writeFileSync(`/proc/${pid}/uid_map`, renderIdMap(maps.uids));
  writeFileSync(`/proc/${pid}/gid_map`, renderIdMap(maps.gids));
  return maps;
}
