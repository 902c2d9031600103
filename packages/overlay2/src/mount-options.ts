import type { OverlayDialect } from "./dialect.ts";
import type { OverlayOptions } from "./options.ts";

/**
 * What every mount gets besides its directories. The defaults of index, metacopy and redirect_dir are module parameters and
 * distributions differ, so all are said: see docs/decisions/0021. `nofollow`, not `off`: in a user namespace `off` is refused
 * where the module says `redirect_always_follow` (house rule 12).
 */
export function mountOptions(dialect: OverlayDialect, { xino }: OverlayOptions): string[] {
  const options = ["index=off", "metacopy=off", "redirect_dir=nofollow"];
  if (dialect === "overlay-user") options.unshift("userxattr");
  if (xino !== null) options.push(`xino=${xino}`);
  return options;
}
