import { createRequire } from "node:module";

type Koffi = typeof import("koffi").default;

let loaded: Koffi | undefined;

/**
 * The FFI, loaded at the first system call: that takes about 10 ms, as long as all the rest of a command that only reads records
 * with node:fs.
 */
export function koffi(): Koffi {
  loaded ??= createRequire(import.meta.url)("koffi") as Koffi;
  return loaded;
}
