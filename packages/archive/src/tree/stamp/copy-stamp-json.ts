import type { CopyStamp } from "@copyup/core";

/** For a driver's notes in a layer's body. Without the path of the directory list: bodies are renamed. */
export interface CopyStampJson {
  readonly ctimeNs: string;
  readonly bootId: string;
  readonly clockOffsetNs: string;
}

export function copyStampToJson(stamp: CopyStamp): CopyStampJson {
  return { ctimeNs: String(stamp.ctimeNs), bootId: stamp.bootId, clockOffsetNs: String(stamp.clockOffsetNs) };
}

/** Null for what is no stamp: the tree is then compared whole. `directories`: where the list of directories lies now. */
export function copyStampFromJson(value: unknown, directories: string): CopyStamp | null {
  if (typeof value !== "object" || value === null) return null;
  const { ctimeNs, bootId, clockOffsetNs } = value as Partial<Record<keyof CopyStampJson, unknown>>;
  if (!isNumeral(ctimeNs) || !isNumeral(clockOffsetNs) || typeof bootId !== "string") return null;
  return { ctimeNs: BigInt(ctimeNs), bootId, clockOffsetNs: BigInt(clockOffsetNs), directories };
}

function isNumeral(value: unknown): value is string {
  return typeof value === "string" && /^-?\d{1,30}$/.test(value);
}
