import type { Role } from "../workload.ts";

/** What a role is called where its colour is shown. */
export const ROLES: Readonly<Record<Role, string>> = {
  limit: "the limit of this machine",
  ours: "copyup's drivers, in this process",
  command: "the command copyup, its start included",
  peer: "other people's programs",
};
