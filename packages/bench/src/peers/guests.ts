import { mkdirSync } from "node:fs";
import path from "node:path";
import { once } from "../ground/once.ts";
import type { Contestant } from "../workload.ts";
import { type CodecHelpers, pinCodecHelpers } from "./codec-helpers.ts";
import { PEERS } from "./index.ts";
import type { Job, OpenPeer, Peer, PeerRoom } from "./peer.ts";

/** Which peers there are, for the environment of a result. */
export interface PeersFound {
  /** Each with its version. */
  readonly installed: Readonly<Record<string, string>>;
  /** Each with how to install it. */
  readonly missing: Readonly<Record<string, string>>;
  readonly codecHelpers: Pick<CodecHelpers, "found" | "missing">;
}

/** The peers of one benchmark; each is opened when the first workload asks for it. */
export interface Guests {
  /** Null: nobody asked for peers. */
  readonly found: PeersFound | null;
  /** The contestants for a job; those that are not installed say so. */
  contestants(job: Job, prepare: (peer: OpenPeer) => Promise<Contestant[]> | undefined): Promise<Contestant[]>;
  /** What to say of them with a job. */
  fairness(job: Job): string;
  close(): Promise<void>;
}

export const NO_GUESTS: Guests = {
  found: null,
  contestants: async () => [],
  fairness: () => "",
  close: async () => {},
};

export function inviteGuests(room: PeerRoom, peers: readonly Peer[] = PEERS): Guests {
  const helpers = pinCodecHelpers(path.join(room.dir, "codec-helpers"));
  const versions = new Map(peers.map((peer) => [peer, peer.version()]));
  const opened: OpenPeer[] = [];
  const open = once(async (peer: Peer) => {
    const dir = path.join(room.dir, peer.name);
    mkdirSync(dir, { recursive: true });
    const guest = await peer.open({ ...room, dir, env: { ...room.env, PATH: helpers.path } });
    opened.push(guest);
    return guest;
  });
  const installed = peers.filter((peer) => versions.get(peer) !== null);
  return {
    found: {
      installed: Object.fromEntries(installed.map((peer) => [peer.name, versions.get(peer) ?? ""])),
      missing: Object.fromEntries(
        peers.filter((peer) => !installed.includes(peer)).map((peer) => [peer.name, installation(peer)]),
      ),
      codecHelpers: { found: helpers.found, missing: helpers.missing },
    },
    contestants: async (job, prepare) => {
      const contestants: Contestant[] = [];
      for (const peer of peers) {
        const names = peer.contestants[job] ?? [];
        if (names.length === 0) continue;
        if (!installed.includes(peer))
          contestants.push(...names.map((name) => absent(name, `not installed (${installation(peer)})`)));
        else
          contestants.push(...(await willing(names, async () => (await prepare(await open(peer))) ?? [], room.signal)));
      }
      return contestants;
    },
    fairness: (job) =>
      installed
        .map(({ fairness }) => fairness[job] ?? "")
        .filter(Boolean)
        .map((sentence) => ` ${sentence}`)
        .join(""),
    close: async () => {
      for (const guest of opened) await guest.close();
    },
  };
}

const installation = ({ debianPackage }: Peer) => `Debian package ${debianPackage}`;

/**
 * A peer that refuses what it is to work with (more layers than it can mount, say) is told with its own words, and the others go
 * on: what gives mounts tries one before.
 */
async function willing(
  names: readonly string[],
  prepare: () => Promise<Contestant[]>,
  signal: AbortSignal,
): Promise<Contestant[]> {
  try {
    return await prepare();
  } catch (error) {
    signal.throwIfAborted();
    return names.map((name) => absent(name, `cannot do it: ${error instanceof Error ? error.message : error}`));
  }
}

function absent(name: string, reason: string): Contestant {
  return { name, role: "peer", run: () => {}, absent: reason };
}
