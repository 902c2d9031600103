import { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";
import { isStorageError } from "@copyup/core";
import { errnoOf } from "./errno-of.ts";

export function fail(message: string): never {
  throw new AssertionError({ message, stackStartFn: fail });
}

export function ok(value: unknown, what: string): asserts value {
  if (!value) fail(what);
}

export function equal<T>(actual: T, expected: T, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) fail(`${what}: expected ${show(expected)}, saw ${show(actual)}`);
}

export function show(value: unknown): string {
  const text = inspect(value, {
    depth: 4,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 20,
    maxStringLength: 200,
  });
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

export async function rejects(
  promise: Promise<unknown>,
  code: string,
  what: string,
): Promise<Error & { hint?: string | undefined }> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (isStorageError(error) && error.code === code) return error;
    if (isStorageError(error))
      return fail(`${what}: expected ${code}, was refused with ${error.code}: ${error.message}`);
    return fail(
      `${what}: expected ${code}, was refused with ${error instanceof Error ? (error.stack ?? error.message) : show(error)}`,
    );
  }
  return fail(`${what}: expected ${code}, but it succeeded with ${show(value)}`);
}

export function errno(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    const name = errnoOf(error);
    if (name === null) throw error;
    return name;
  }
}
