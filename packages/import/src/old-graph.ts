import type { Dialect } from "@copyup/core";

/** What a layer was to its engine. */
export type Role =
  /** Part of an image: written once, immutable since. */
  | "image"
  /** What a container wrote, and Docker's `-init` layer below it. */
  | "container"
  /** The engine's books know it, but no image and no container: a build cache, an interrupted pull. */
  | "unused";

/** How a layer's directory says what is deleted. `overlay`: one of overlay's dialects, which its marks tell apart. */
export type Writing = Extract<Dialect, "aufs" | "tree"> | "overlay";

/** A layer as the engine knew it. */
export interface OldLayer {
  /** The engine's name for its directory. */
  readonly id: string;
  readonly parent: string | null;
  /** Absolute path of what the layer holds. */
  readonly dir: string;
  readonly writing: Writing;
  readonly role: Role;
  /** `sha256:…` as the engine says it; not verified, its archive was another than ours. */
  readonly diffId: string | null;
  /** OCI chain id as the engine says it. */
  readonly chainId: string | null;
  /** Tags of the images it is the top of; names of the container. */
  readonly names: readonly string[];
}

/** A layer that is not what the engine's own notes say, so that it cannot be imported. */
export interface DamagedLayer {
  readonly id: string;
  readonly message: string;
  readonly path: string;
}

/** An engine's layers as data. Reading it changes nothing. */
export interface OldGraph {
  readonly layers: readonly OldLayer[];
  readonly damaged: readonly DamagedLayer[];
  /** Directories that are known to be no layers: half removed ones, say. With the reason. */
  readonly leftOut: readonly LeftOut[];
  readonly overlay: OverlayWriter;
  /** Sentences for a person. */
  readonly notes: readonly string[];
}

export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

/** Who wrote the overlay layers, as far as it is known beforehand. */
export interface OverlayWriter {
  /** Made without root's rights, so marks are in user.*. */
  readonly rootless: boolean;
  /** A daemon (fuse-overlayfs) mounted them; null: nothing says so or not. */
  readonly daemon: boolean | null;
}
