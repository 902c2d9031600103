import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import type { DriverModule, Host } from "@copyup/core";
import { coversIdsUpTo, ownIdMaps } from "@copyup/linux";
import type { Need } from "../check.ts";
import { canMakeImages } from "../scratch/why-no-image.ts";

/** What the needs are answered from. */
export interface NeedFacts {
  readonly driver: DriverModule;
  readonly host: Host;
  /** Null where the driver really mounts here; else why not. */
  readonly whyNoMount: string | null;
}

/** Why a need is not met here, or null. */
export function unmetNeed(need: Need, { driver, host, whyNoMount }: NeedFacts): string | null {
  if (need === "mount") return whyNoMount;
  if (need === "root")
    return host.fullRoot
      ? null
      : `needs root in the initial user namespace; this process is uid ${host.euid}${host.userNamespace ? " in a user namespace" : ""}`;
  if (need === "namespace-root")
    return host.sysAdmin ? null : `needs root, or a user namespace; this process is uid ${host.euid}`;
  if (need === "ids") return whyNoIds(host);
  if (need === "loop-image")
    return canMakeImages("ext4") ? null : "needs a loop image: root, /dev/loop-control and mkfs.ext4";
  if (need === "namespace") return whyNoNamespace();
  if (need === "own-process")
    return driver.url === undefined
      ? `needs a driver that another process can load; ${driver.name}'s module does not tell its url`
      : null;
  const tool = need.slice("tool:".length);
  return onPath(tool) ? null : `needs the program ${tool}, which is not on PATH`;
}

/** Checks use those of nobody, and of users around 1000. */
const LAST_ID = 65_534;

function whyNoIds(host: Host): string | null {
  const maps = ownIdMaps(host.userNamespace);
  if (host.fullRoot) return null;
  if (maps === null || !host.sysAdmin) return `needs root; this process is uid ${host.euid}`;
  const mapped = [maps.uids, maps.gids].every((map) => coversIdsUpTo(LAST_ID, map));
  return mapped
    ? null
    : `needs the ids up to ${LAST_ID}, which this user namespace does not map (docs/rootless.md: ranges in /etc/subuid and /etc/subgid)`;
}

let namespaceAnswer: string | null | undefined;

function whyNoNamespace(): string | null {
  namespaceAnswer ??= tryNamespace();
  return namespaceAnswer;
}

function tryNamespace(): string | null {
  try {
    execFileSync("unshare", ["-m", "--propagation", "private", "true"], { stdio: "pipe" });
    return null;
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    return `needs a mount namespace of its own: unshare -m: ${said || (error as Error).message}`;
  }
}

function onPath(tool: string): boolean {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin`.split(":").some((directory) => {
    try {
      accessSync(path.join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
