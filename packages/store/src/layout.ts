import path from "node:path";

/** Where everything lies below a store's root. */
export interface Layout {
  readonly root: string;
  readonly storeFile: string;
  /** `<layers>/<id>/` with layer.json, manifest, body/ and the two lock files. */
  readonly layers: string;
  /** `<staging>/<random>/` beside `<staging>/<random>.lock`, which its maker holds. */
  readonly staging: string;
  /** The same for what is being removed. */
  readonly trash: string;
  /** And for what drivers need for a moment. */
  readonly scratch: string;
  readonly mountRecords: string;
  /** Targets of mounts for which none was given. */
  readonly mountPoints: string;
  readonly lockFile: string;
}

export function layoutOf(root: string): Layout {
  return {
    root,
    storeFile: path.join(root, "store.json"),
    layers: path.join(root, "layers"),
    staging: path.join(root, "staging"),
    trash: path.join(root, "trash"),
    scratch: path.join(root, "scratch"),
    mountRecords: path.join(root, "run/mounts"),
    mountPoints: path.join(root, "run/mnt"),
    lockFile: path.join(root, "run/lock"),
  };
}

export function layerDirectory(layout: Layout, id: string): string {
  return `${layout.layers}/${id}`;
}

export function bodyOf(directory: string): string {
  return `${directory}/body`;
}

export function recordOf(directory: string): string {
  return `${directory}/layer.json`;
}

export function manifestOf(directory: string): string {
  return `${directory}/manifest`;
}
