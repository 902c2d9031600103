import { badNotes } from "./refusals.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectIn(value: unknown, path: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw badNotes(path, "an object was expected");
}

/** A list of objects; a missing or null one is empty. */
export function objectsIn(value: unknown, path: string): JsonObject[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw badNotes(path, "a list was expected");
  return value.map((item) => objectIn(item, path));
}

/** Null where it is missing, empty or no text. */
export function textIn(object: JsonObject, key: string): string | null {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : null;
}

export function textsIn(object: JsonObject, key: string): string[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
