import { containerd } from "./containerd/peer.ts";
import { containersStorage } from "./containers-storage/peer.ts";
import { cp } from "./cp.ts";
import { fuseOverlayfs } from "./fuse-overlayfs.ts";
import type { Peer } from "./peer.ts";
import { rsync } from "./rsync.ts";
import { umoci } from "./umoci.ts";

/** Beside GNU tar, bsdtar and `cp -a`, which take part always. */
export const PEERS: readonly Peer[] = [containerd, containersStorage, umoci, fuseOverlayfs, cp, rsync];
