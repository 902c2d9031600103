import { hash } from "node:crypto";
import path from "node:path";
import { isLayerId } from "@copyup/core";
import { holdsText, listDirectory } from "@copyup/linux";
import { tryUnlink, writeAtomically, writeDurably } from "../record/atomic-write.ts";
import { isObject } from "../record/parse-layer-record.ts";
import { readText } from "../record/read-text.ts";
import type { StoreContext } from "../store-context.ts";
import type { FiledRecord, MountRecord } from "./mount-record.ts";

let made = 0;

/** What this process wrote and has not dropped: where the file still says the same, it need not be taken apart. */
const written = new Map<string, { readonly text: string; readonly record: MountRecord }>();

/**
 * Layer and target stand in the name, so that looking for one of them does not read every record. The rest makes it unique:
 * the random name of this opening, and a count.
 */
export function newRecordFile(context: StoreContext, layer: string, target: string): string {
  const nonce = `${path.basename(context.scratch)}-${++made}`;
  return `${context.layout.mountRecords}/${layer}.${targetKey(target)}.${nonce}.json`;
}

/** Not synced: a record is about mounts of this boot, and kill -9 does not lose what was written (decision 0011). */
export function writeRecord(context: StoreContext, filed: FiledRecord): FiledRecord {
  const text = JSON.stringify(filed.record);
  writeAtomically(filed.file, text, { scratch: context.scratch });
  written.set(filed.file, { text, record: filed.record });
  return filed;
}

/** A lent layer's: it has to live through a power loss. */
export async function writeLasting(context: StoreContext, filed: FiledRecord): Promise<void> {
  await writeDurably(filed.file, JSON.stringify(filed.record), { scratch: context.scratch });
}

export function dropRecord(filed: FiledRecord): void {
  tryUnlink(filed.file);
  written.delete(filed.file);
}

export function recordsOfLayer(context: StoreContext, layer: string): FiledRecord[] {
  return read(context, (name) => name.startsWith(`${layer}.`)).records;
}

/** Of any layer. */
export function recordsAtTarget(context: StoreContext, target: string): FiledRecord[] {
  const key = targetKey(target);
  return read(context, (name) => name.startsWith(key, name.indexOf(".") + 1)).records.filter(
    ({ record }) => record.target === target,
  );
}

export function allRecords(context: StoreContext): { records: FiledRecord[]; unreadable: string[] } {
  return read(context, () => true);
}

let lastTarget = "";
let lastKey = "";

/** One mount asks for it three times. */
function targetKey(target: string): string {
  if (target !== lastTarget) {
    lastKey = hash("sha1", target, "hex").slice(0, 12);
    lastTarget = target;
  }
  return lastKey;
}

function read(
  context: StoreContext,
  wanted: (name: string) => boolean,
): { records: FiledRecord[]; unreadable: string[] } {
  const records: FiledRecord[] = [];
  const unreadable: string[] = [];
  for (const name of listDirectory(context.layout.mountRecords)) {
    if (!wanted(name)) continue;
    const file = `${context.layout.mountRecords}/${name}`;
    const known = written.get(file);
    if (known !== undefined && holdsText(file, known.text)) {
      records.push({ file, record: known.record });
      continue;
    }
    const text = readText(file);
    // Gone since we listed it.
    if (text === null) continue;
    const record = parse(text);
    if (record) records.push({ file, record });
    else unreadable.push(file);
  }
  return { records, unreadable };
}

function parse(text: string): MountRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    const good =
      isObject(value) &&
      value.format === 1 &&
      isLayerId(value.layer) &&
      typeof value.target === "string" &&
      isObject(value.process);
    return good ? (value as unknown as MountRecord) : null;
  } catch {
    return null;
  }
}
