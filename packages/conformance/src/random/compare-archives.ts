import { type TarEntry, TarReader } from "@copyup/archive";
import { displayPath } from "@copyup/linux";
import { Difference } from "./difference.ts";

/** Byte for byte; the message tells the first entry that is not the same. */
export function requireSameBytes(expected: Buffer, seen: Buffer, where: string): void {
  if (expected.equals(seen)) return;
  const [a, b] = [entries(expected), entries(seen)];
  const index = a.findIndex((line, i) => line !== b[i]);
  if (index < 0 && a.length === b.length) throw new Difference(where, ["the entries are equal, their content is not"]);
  const first = index < 0 ? a.length : index;
  throw new Difference(where, [
    `${expected.length} bytes in the canonical archive of the model, ${seen.length} in the driver's`,
    `entry ${first + 1} is ${a[first] ?? "not there"} in the model's, ${b[first] ?? "not there"} in the driver's`,
  ]);
}

function entries(tar: Buffer): string[] {
  const lines: string[] = [];
  const show = (path: Buffer) => displayPath(path);
  const reader = new TarReader({
    entry(e: TarEntry) {
      const xattrs = e.xattrs.map(({ name, value }) => `${name.toString("latin1")}=${value.toString("hex")}`);
      const what = `${e.type} ${show(e.path)} ${e.mode.toString(8)} ${e.uid}:${e.gid} ${e.size} bytes`;
      const when = `${e.mtimeSec}.${String(e.mtimeNsec).padStart(9, "0")}`;
      lines.push(`${what} ${when} ${show(e.linkPath)} ${e.devMajor}:${e.devMinor} [${xattrs.join(" ")}]`);
    },
    data() {},
  });
  reader.write(tar);
  return lines;
}
