import { createHash } from "node:crypto";
import { createReadStream, linkSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface OciImage {
  /** Of the manifest. */
  readonly digest: string;
  readonly diffIds: readonly string[];
  /** By OCI's rule, of the topmost layer. */
  readonly chainId: string;
}

const TYPE = "application/vnd.oci.image";

/**
 * An image layout (OCI image-spec, image-layout.md) of those layers with the tag `latest`. The layers' files become blobs as hard
 * links: `dir` is on their filesystem.
 */
export async function writeOciLayout(
  dir: string,
  layers: readonly { readonly file: string; readonly compression: "none" | "gzip" }[],
): Promise<OciImage> {
  const blobs = path.join(dir, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, value: object): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hex = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(path.join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const descriptors: Descriptor[] = [];
  const diffIds: string[] = [];
  for (const { file, compression } of layers) {
    const hex = await sha256Of(file, "none");
    linkSync(file, path.join(blobs, hex));
    const mediaType = `${TYPE}.layer.v1.tar${compression === "gzip" ? "+gzip" : ""}`;
    descriptors.push({ mediaType, digest: `sha256:${hex}`, size: statSync(file).size });
    diffIds.push(`sha256:${compression === "none" ? hex : await sha256Of(file, compression)}`);
  }
  const rootfs = { type: "layers", diff_ids: diffIds };
  const config = put(`${TYPE}.config.v1+json`, {
    architecture: GO_ARCHITECTURES[process.arch] ?? process.arch,
    os: "linux",
    config: {},
    rootfs,
  });
  const mediaType = `${TYPE}.manifest.v1+json`;
  const manifest = put(mediaType, { schemaVersion: 2, mediaType, config, layers: descriptors });
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": "latest" } };
  writeFileSync(path.join(dir, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
  writeFileSync(path.join(dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return { digest: manifest.digest, diffIds, chainId: chainIdOf(diffIds) };
}

/** Node's words for Go's: image-spec's config.md takes Go's. */
const GO_ARCHITECTURES: Partial<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** OCI image-spec, config.md, "Layer ChainID". */
function chainIdOf([first = "", ...rest]: readonly string[]): string {
  return rest.reduce(
    (chain, diffId) => `sha256:${createHash("sha256").update(`${chain} ${diffId}`).digest("hex")}`,
    first,
  );
}

async function sha256Of(file: string, compression: "none" | "gzip"): Promise<string> {
  const hash = createHash("sha256");
  if (compression === "gzip") await pipeline(createReadStream(file), createGunzip(), hash);
  else await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
