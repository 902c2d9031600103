import { hash } from "node:crypto";
import { join } from "node:path";
import { readJson } from "../../read/files.ts";
import { objectIn, textIn, textsIn } from "../../read/json-shape.ts";

/** Tags by the chain id of the image's topmost layer. An image whose configuration is lost loses its names only. */
export function imageNames(imageDirectory: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, imageId] of tags(join(imageDirectory, "repositories.json"))) {
    const path = join(imageDirectory, "imagedb/content", ...imageId.split(":"));
    const config = /^sha256:[0-9a-f]{64}$/.test(imageId) ? readJson(path) : null;
    if (config === null) continue;
    const rootfs = objectIn(config, path).rootfs ?? {};
    const chainId = chainOf(textsIn(objectIn(rootfs, path), "diff_ids"));
    if (chainId !== null) names.set(chainId, [...(names.get(chainId) ?? []), name]);
  }
  return names;
}

/** `name:tag` (or `name@digest`) and what it stands for. */
export function* tags(file: string): Generator<[name: string, id: string]> {
  const found = readJson(file);
  if (found === null) return;
  const repositories = objectIn(objectIn(found, file).Repositories ?? {}, file);
  for (const [repository, references] of Object.entries(repositories)) {
    const of = objectIn(references, file);
    for (const key of Object.keys(of)) {
      const id = textIn(of, key);
      // Before 1.10 the key was the tag alone.
      if (id !== null) yield [key.startsWith(repository) ? key : `${repository}:${key}`, id];
    }
  }
}

/** OCI image specification, "Layer ChainID". */
function chainOf(diffIds: readonly string[]): string | null {
  let chain: string | null = null;
  for (const diffId of diffIds)
    chain = chain === null ? diffId : `sha256:${hash("sha256", `${chain} ${diffId}`, "hex")}`;
  return chain;
}
