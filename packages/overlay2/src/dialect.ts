import type { Dialect, Host } from "@copyup/core";

export type OverlayDialect = Extract<Dialect, "overlay-trusted" | "overlay-user">;

/** trusted.* xattrs belong to the initial namespace's root; in a user namespace overlay keeps its own in user.*. */
export function dialectOf(host: Pick<Host, "userNamespace">): OverlayDialect {
  return host.userNamespace ? "overlay-user" : "overlay-trusted";
}

/** Overlay's own xattrs: an overlay neither shows them nor lets them be set. */
export function privatePrefix(dialect: Dialect): string {
  return dialect === "overlay-user" ? "user.overlay." : "trusted.overlay.";
}
