import type { Layer } from "@copyup/core";

/** A layer as `--json` shows it. */
export function layerJson(layer: Layer): Record<string, unknown> {
  const { id, parent, state, driver, dialect, diffId, contentId, chainId, createdAt, labels, lost } = layer;
  return { id, parent, state, driver, dialect, diffId, contentId, chainId, createdAt, labels, lost };
}

export function shortDigest(digest: string | null): string {
  return digest === null ? "-" : digest.replace("sha256:", "").slice(0, 12);
}

/** Raw bytes of a path for people: printable UTF-8 as it is, anything else escaped as a shell's $'…' would. */
export function showPath(path: Uint8Array): string {
  const text = Buffer.from(path).toString("utf8");
  if (!text.includes("�") && !/[\u0000-\u001f\u007f\\]/.test(text)) return `/${text}`;
  const escaped = Array.from(path, (b) =>
    b >= 0x20 && b < 0x7f && b !== 0x5c ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`,
  );
  return `/${escaped.join("")}`;
}
