import { mkdirSync, statSync } from "node:fs";
import { AT_FDCWD, isSystemError, listXattrs, mknodAt, S_IFSOCK, setXattr } from "@copyup/linux";
import { expect, test } from "vitest";
import { copyTree } from "../../../src/tree/index.ts";
import { listTree } from "../support/listing.ts";
import { scratch } from "../support/scratch.ts";

const TREE = `
  mkdir -p s/d/e s/ro; cd s; echo one > one; echo two > d/two; ln one d/one; ln -s two d/link; ln -s /nowhere dangling
  mkfifo fifo; chmod 640 one; chmod 2751 d; touch $'bad\\377' ${"n".repeat(255)}; touch ro/f; chmod 555 ro; : > empty
  touch -d @-5.25 d/two; touch -h -d @7.000000001 d/link; truncate -s 3M sparse; ln d/link d/link2
  printf x | dd of=sparse bs=1 seek=2000000 conv=notrunc status=none; head -c 700000 /dev/urandom > big
  touch -d @9.5 d d/e ro .
`;

test("types, modes, ns times, hard links, names of any bytes, the root's attributes", async () => {
  await using tmp = scratch();
  tmp.sh(TREE);
  mknodAt(AT_FDCWD, tmp.at("s/socket"), S_IFSOCK | 0o620);
  tmp.sh("chmod 751 s; touch -d @1.000000002 s");
  mkdirSync(tmp.at("t"));
  const { entries, losses } = await copyTree(tmp.at("s"), tmp.at("t"));
  expect(listTree(tmp.at("t"))).toEqual(listTree(tmp.at("s")));
  expect(entries).toBe(Object.keys(listTree(tmp.at("s"))).length - 1);
  expect(losses).toEqual({ counts: {}, examples: {} });
  expect(statSync(tmp.at("t/d/link")).size).toBe(4);
});

test("holes stay holes, and access times stay", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir s t; cd s; truncate -s 50M hole; printf x > end; truncate -s 30M end; touch -a -d @3.5 end");
  await copyTree(tmp.at("s"), tmp.at("t"));
  expect(Number(tmp.sh("du -sk t").split("\t")[0])).toBeLessThan(100);
  expect(tmp.sh("stat -c %X.%s t/end t/hole; cmp s/end t/end")).toMatch(/^3\.31457280\n\d+\.52428800\n$/);
});

test("the target's own xattrs go, the source's come, on root and files", async (context) => {
  await using tmp = scratch();
  tmp.sh("mkdir s t; echo x > s/f");
  try {
    setXattr(tmp.at("t"), "user.stale", "1");
  } catch (error) {
    if (!isSystemError(error)) throw error;
    context.skip("the temporary directory's filesystem has no user xattrs");
  }
  setXattr(tmp.at("s"), "user.root", Buffer.from([0, 255]));
  setXattr(tmp.at("s/f"), "user.f", "");
  await copyTree(tmp.at("s"), tmp.at("t"));
  expect(listXattrs(tmp.at("t")).filter((name) => name.startsWith("user."))).toEqual(["user.root"]);
  expect(listTree(tmp.at("t"))).toEqual(listTree(tmp.at("s")));
});

test("a umask changes nothing", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p s/d t; touch s/f s/d/g; chmod 777 s/f s/d; chmod 666 s/d/g; mkfifo -m 666 s/p");
  const before = process.umask(0o077);
  try {
    await copyTree(tmp.at("s"), tmp.at("t"));
  } finally {
    process.umask(before);
  }
  expect(listTree(tmp.at("t"))).toEqual(listTree(tmp.at("s")));
});

test("an abort is seen soon, also within one large file", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir s t; head -c 100000000 /dev/zero > s/large");
  const stop = new AbortController();
  const copying = copyTree(tmp.at("s"), tmp.at("t"), {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("stop")),
  });
  await expect(copying).rejects.toThrow("stop");
  expect(statSync(tmp.at("t/large")).size).toBeLessThan(100_000_000);
});

test("a source or target that is none is refused by name", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir s; touch f");
  await expect(copyTree(tmp.at("no"), tmp.at("s"))).rejects.toMatchObject({ errno: "ENOENT", path: tmp.at("no") });
  await expect(copyTree(tmp.at("s"), tmp.at("f"))).rejects.toMatchObject({ errno: "ENOTDIR", path: tmp.at("f") });
});
