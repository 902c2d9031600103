import { LABEL_KEY_MAX_BYTES, LABEL_VALUE_MAX_BYTES, StorageError } from "@copyup/core";

/** Throws BAD_OPTION naming the label. Null stands for "remove it". */
export function checkLabels(labels: Readonly<Record<string, string | null>> | undefined, op: string): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const wrong = problem(key, value);
    if (wrong === null) continue;
    throw new StorageError({
      code: "BAD_OPTION",
      op,
      message: `label ${JSON.stringify(key.slice(0, 80))}: ${wrong}`,
      hint: `a key has 1 to ${LABEL_KEY_MAX_BYTES} bytes, a value is text of at most ${LABEL_VALUE_MAX_BYTES}`,
    });
  }
}

function problem(key: string, value: unknown): string | null {
  if (key === "") return "the key is empty";
  if (Buffer.byteLength(key) > LABEL_KEY_MAX_BYTES) return `the key has ${Buffer.byteLength(key)} bytes`;
  if (value === null) return null;
  if (typeof value !== "string") return "the value is no text";
  return Buffer.byteLength(value) > LABEL_VALUE_MAX_BYTES ? `the value has ${Buffer.byteLength(value)} bytes` : null;
}
