import { containersStorage } from "./containers-storage/read.ts";
import { dockerAufs } from "./docker/aufs.ts";
import { dockerOverlay2 } from "./docker/overlay2.ts";
import { dockerVfs } from "./docker/vfs.ts";
import type { Engine } from "./engine.ts";

export const engines: readonly Engine[] = [dockerAufs, dockerOverlay2, dockerVfs, containersStorage];
