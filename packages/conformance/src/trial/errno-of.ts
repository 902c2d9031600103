import { getSystemErrorMap } from "node:util";
import { errnoName } from "@copyup/linux";

/** The errno's name of an error of node:fs or @copyup/linux; null for an error of another kind. */
export function errnoOf(error: unknown): string | null {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  if (code === "" && message !== undefined) return fromMessage(message);
  // libuv has no name for ESTALE and some others.
  const number = typeof code === "string" ? /^Unknown system error -(\d+)$/.exec(code)?.[1] : undefined;
  if (number !== undefined) return errnoName(Number(number));
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? canonical(code) : null;
}

/** node names 95 ENOTSUP, we EOPNOTSUPP; on Linux they are one number. */
function canonical(code: string): string {
  return code === "ENOTSUP" ? "EOPNOTSUPP" : code === "EWOULDBLOCK" ? "EAGAIN" : code;
}

/** Node 24's rmSync knows few errors: the others have an empty code and `, Unknown error: Read-only file system 'PATH'`. */
function fromMessage(message: string): string | null {
  const said = /Unknown error: (.+?) '/.exec(message)?.[1]?.toLowerCase();
  for (const [name, meaning] of getSystemErrorMap().values()) if (meaning === said) return canonical(name);
  return null;
}
