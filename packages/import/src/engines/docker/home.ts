import { join, resolve } from "node:path";
import { isDirectory } from "../../read/files.ts";
import { notSuchATree } from "../../read/refusals.ts";

/** Where a Docker graph driver keeps its layers, and the image store's notes beside it. */
export interface DockerHome {
  /** The driver's name, which is its directory's. */
  readonly driver: string;
  readonly home: string;
  /** Docker's own directory; null where PATH was the driver's directory and nothing of Docker's is above it. */
  readonly root: string | null;
}

/**
 * PATH may be Docker's directory or the driver's in it. `parts`: what the driver's directory holds. Throws BAD_OPTION saying
 * what was looked for and what is there instead.
 */
export function dockerHome(
  engine: string,
  path: string,
  drivers: readonly string[],
  looksRight: (home: string) => boolean,
  wanted: string,
): DockerHome {
  for (const driver of drivers) {
    const home = join(path, driver);
    if (isDirectory(home) && looksRight(home)) return { driver, home, root: path };
  }
  if (looksRight(path)) {
    const above = resolve(path, "..");
    const driver = drivers.find((name) => isDirectory(join(above, "image", name)) && resolve(above, name) === path);
    return { driver: driver ?? drivers[0]!, home: path, root: driver === undefined ? null : above };
  }
  const others = ["overlay2", "fuse-overlayfs", "aufs", "vfs", "btrfs", "zfs", "devicemapper", "overlay"];
  const found = others.filter((name) => !drivers.includes(name) && isDirectory(join(path, name)));
  const hint = found.length > 0 ? `it holds ${found.join(", ")}` : undefined;
  throw notSuchATree(engine, path, `neither it nor its ${drivers.join(" or ")} holds ${wanted}`, hint);
}
