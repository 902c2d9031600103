const BLOCK = 512;

/** One member of a layer's archive as its plain ustar header tells it; extended headers are stepped over. */
export interface Member {
  readonly name: string;
  /** ustar's typeflag: `0` file, `1` hard link, `3` character device, `5` directory. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeSec: number;
}

/** The members of an archive. Read by hand, so that the suite does not trust the codec that wrote it. For short names only. */
export function membersOf(tar: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const octal = (offset: number, length: number) =>
      Number.parseInt(tar.toString("latin1", at + offset, at + offset + length).replace(/[\0 ].*$/s, "") || "0", 8);
    const type = String.fromCharCode(tar[at + 156] ?? 0);
    const sizeBytes = octal(124, 12);
    if (type !== "x" && type !== "g") {
      const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
      members.push({
        name,
        type,
        mode: octal(100, 8),
        uid: octal(108, 8),
        gid: octal(116, 8),
        sizeBytes,
        mtimeSec: octal(136, 12),
      });
    }
    at += BLOCK + Math.ceil(sizeBytes / BLOCK) * BLOCK;
  }
  return members;
}
