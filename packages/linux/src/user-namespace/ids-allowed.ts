import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { type IdMaps, mapWith, subordinateIds } from "./id-maps.ts";

/** The maps this user may have by /etc/subuid and /etc/subgid, or null and why not. */
export type Allowance = { readonly maps: IdMaps; readonly why: null } | { readonly maps: null; readonly why: string };

export function idsAllowed(): Allowance {
  const user = { name: nameOf(), uid: process.geteuid?.() ?? 0 };
  const uids = subordinateIds(contentOf("/etc/subuid"), user);
  const gids = subordinateIds(contentOf("/etc/subgid"), user);
  const missing = [...(uids.length > 0 ? [] : ["/etc/subuid"]), ...(gids.length > 0 ? [] : ["/etc/subgid"])];
  if (missing.length > 0)
    return { maps: null, why: `no range for ${user.name ?? `uid ${user.uid}`} in ${missing.join(" and ")}` };
  return { maps: { uids: mapWith(user.uid, uids), gids: mapWith(process.getegid?.() ?? 0, gids) }, why: null };
}

function nameOf(): string | null {
  try {
    return userInfo().username;
  } catch {
    // An id without an account, as containers run with.
    return null;
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
