import { createHash } from "node:crypto";

export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** `sha256:` and 64 hexadecimal digits. May be asked once, after the last update. */
  digest(): string;
}

export function sha256(): Sha256 {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `sha256:${hash.digest("hex")}`,
  };
}
