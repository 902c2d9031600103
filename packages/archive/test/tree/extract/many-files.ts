import { type TestEntry, tarOf } from "./tar-of.ts";

/** The workload `many` of performance.md: 2,000 directories, 18,700 files, most of 1 to 8 KB, links, xattrs, a capability. */
export function manyFiles(): Buffer {
  const entries: TestEntry[] = [{ path: "", type: "directory" }];
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fff_ffff;
    return (seed >>> 8) % below;
  };
  const content = Buffer.alloc(1 << 20);
  for (let i = 0; i < content.length; i++) content[i] = random(256);
  for (const top of ["usr", "usr/lib", "usr/share"]) entries.push({ path: top, type: "directory" });
  for (let d = 0; d < 2000; d++) {
    const package_ = `usr/${d % 2 === 0 ? "lib" : "share"}/package-${Math.floor(d / 8)}`;
    if (d % 8 < 2) entries.push({ path: package_, type: "directory" });
    const directory = `${package_}/module-${d}`;
    entries.push({ path: directory, type: "directory", mtimeSec: 1_600_000_000 + d });
    const files = 9 + (d % 3 === 0 ? 1 : 0);
    for (let f = 0; f < files; f++) {
      const size = random(50) === 0 ? 40_000 + random(150_000) : 1024 + random(7168);
      const at = random(content.length - size);
      entries.push({
        path: `${directory}/file-${f}.js`,
        data: content.subarray(at, at + size),
        mtimeSec: 1_600_000_000 + f,
        ...(random(40) === 0 ? { xattrs: { "user.note": "some value" } } : {}),
      });
    }
    if (d % 3 === 0) entries.push({ path: `${directory}/latest.js`, type: "symlink", link: "file-0.js" });
    if (d % 8 === 0) {
      entries.push({ path: `${directory}/again.js`, type: "hardlink", link: `${directory}/file-0.js` });
    }
  }
  return tarOf(entries);
}
