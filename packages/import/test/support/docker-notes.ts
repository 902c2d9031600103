import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export function sha256(text: string): string {
  return `sha256:${hash("sha256", text, "hex")}`;
}

/** 64 hexadecimal digits that stand for a name. */
export function idOf(name: string): string {
  return hash("sha256", name, "hex");
}

/** Docker's image store beside a graph driver, written as moby does (layer/filestore.go, image/store.go, reference/store.go). */
export class DockerNotes {
  private readonly root: string;
  private readonly driver: string;
  private readonly tags: Record<string, Record<string, string>> = {};

  constructor(root: string, driver: string) {
    this.root = root;
    this.driver = driver;
  }

  private file(name: string, text: string): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A chain of layers, base first, by the names of their directories; gives the chain ids. */
  image(tag: string | null, cacheIds: readonly string[]): string[] {
    const diffIds = cacheIds.map((id) => sha256(`diff of ${id}`));
    const chains: string[] = [];
    for (const [i, cacheId] of cacheIds.entries()) {
      const parent = chains.at(-1);
      const chain = parent === undefined ? diffIds[0]! : sha256(`${parent} ${diffIds[i]}`);
      const entry = `image/${this.driver}/layerdb/sha256/${chain.slice(7)}`;
      this.file(`${entry}/cache-id`, cacheId);
      this.file(`${entry}/diff`, diffIds[i]!);
      this.file(`${entry}/size`, "0");
      if (parent !== undefined) this.file(`${entry}/parent`, parent);
      chains.push(chain);
    }
    if (tag === null) return chains;
    const config = JSON.stringify({ os: "linux", rootfs: { type: "layers", diff_ids: diffIds } });
    const imageId = sha256(config);
    this.file(`image/${this.driver}/imagedb/content/sha256/${imageId.slice(7)}`, config);
    const repository = tag.split(":")[0]!;
    this.tags[repository] = { ...this.tags[repository], [tag]: imageId };
    this.file(`image/${this.driver}/repositories.json`, JSON.stringify({ Repositories: this.tags }));
    return chains;
  }

  container(name: string, mountId: string, parentChain: string): void {
    const id = idOf(`container ${name}`);
    const entry = `image/${this.driver}/layerdb/mounts/${id}`;
    this.file(`${entry}/mount-id`, mountId);
    this.file(`${entry}/init-id`, `${mountId}-init`);
    this.file(`${entry}/parent`, parentChain);
    this.file(`containers/${id}/config.v2.json`, JSON.stringify({ ID: id, Name: `/${name}` }));
  }
}
