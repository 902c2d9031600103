/** What pnpm does with this workspace's manifests besides. */
export const hooks = {
  /** The condition for our own sources says nothing to others: they are not in what is packed. */
  beforePacking(manifest) {
    for (const conditions of Object.values(manifest.exports ?? {})) delete conditions["@copyup/source"];
    return manifest;
  },
};
