import { StorageError } from "@copyup/core";
import type { IdRange } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";

/**
 * Before a verb that writes owners or tells them to others. In a store of another user namespace each file's owner is another
 * number here, so an export would not be the layer, and what is written here its own user could not read. Views still show
 * names and bytes. NEEDS_NAMESPACE.
 */
export function requireOwnIds(context: StoreContext, op: string, layer?: string): void {
  const { foreignIds, layout, driver } = context;
  if (foreignIds === null) return;
  const owner = foreignIds.uids.find(({ inside }) => inside === 0)?.outside;
  throw new StorageError({
    code: "NEEDS_NAMESPACE",
    op,
    driver: driver.name,
    layer,
    path: layout.root,
    message: `the store at ${layout.root} was made in a user namespace (uids ${told(foreignIds.uids)}), where its files have other owners than here`,
    hint: `${owner === undefined ? "as the user who made it" : `as uid ${owner}`}: \`copyup unshare -- copyup --root ${layout.root} …\`; here ls, show, changes, check, rm and views (mount --ro) work`,
  });
}

function told(map: readonly IdRange[]): string {
  const ids = (first: number, count: number) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);
  return map.map(({ inside, outside, count }) => `${ids(inside, count)} are ${ids(outside, count)} outside`).join(", ");
}
