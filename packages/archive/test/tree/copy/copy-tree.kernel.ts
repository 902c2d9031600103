import { existsSync, mkdirSync } from "node:fs";
import { bindMount, setXattr, unmount } from "@copyup/linux";
import { expect, test } from "vitest";
import { copyTree, removeTree } from "../../../src/tree/index.ts";
import { listTree } from "../support/listing.ts";
import { has, scratch } from "../support/scratch.ts";

test("what only root can store: owners, set-id bits, devices, trusted and ACL xattrs, capabilities", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir -p s/d t; cd s; echo x > suid; chown 5:6 suid; chmod 6755 suid; mknod n c 1 3; mknod b b 7 200; chown 1:2 n
    setfattr -n trusted.t -v 1 d; echo cap > cap; ln -s x l; chown -h 3:4 l; chown 7:8 d; chmod 1777 d`);
  if (has("setcap")) tmp.sh("setcap cap_net_raw+ep s/cap");
  if (has("setfacl")) tmp.sh("setfacl -m u:9:rwx s/cap; setfacl -d -m g:9:r s/d; setfacl -d -m u:8:rwx t");
  setXattr(tmp.at("s/l"), "trusted.on-link", "v");
  await copyTree(tmp.at("s"), tmp.at("t"));
  expect(listTree(tmp.at("t"))).toEqual(listTree(tmp.at("s")));
});

test("an ordinary user: refused by path, or counted when lossy; no set-id bit for another owner", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir s strict lossy; cd s; echo x > a; echo y > b; chmod 4755 b; mknod n c 1 3; setfattr -n user.k -v 1 a
    chown 65534:65534 a . ../strict ../lossy; chmod 755 .. .`);
  process.setegid!(65534);
  process.seteuid!(65534);
  try {
    const strict = copyTree(tmp.at("s"), tmp.at("strict"));
    await expect(strict).rejects.toMatchObject({
      code: "NOT_REPRESENTABLE",
      path: "b",
      hint: expect.stringContaining("--lossy"),
    });
    const { losses } = await copyTree(tmp.at("s"), tmp.at("lossy"), { lossy: true });
    expect(losses.counts).toEqual({ owner: 1, mode: 1, device: 1 });
    expect(losses.examples).toMatchObject({ owner: "b: owner 0:0", device: "n: a file of type char" });
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
  expect(tmp.sh("stat -c '%n %U %a' lossy/*")).toBe("lossy/a nobody 644\nlossy/b nobody 755\n");
});

test("mounts inside the source are left out; removal refuses them before anything is gone", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir -p s/d/m s/z t other; touch other/secret s/d/f s/a");
  bindMount(tmp.at("other"), tmp.at("s/d/m"), false);
  try {
    await copyTree(tmp.at("s"), tmp.at("t"));
    expect(tmp.sh("cd t; find . | sort")).toBe(".\n./a\n./d\n./d/f\n./d/m\n./z\n");
    await expect(removeTree(tmp.at("s"))).rejects.toMatchObject({ code: "LAYER_IN_USE", path: tmp.at("s/d/m") });
    expect(existsSync(tmp.at("s/a"))).toBe(true);
    expect(existsSync(tmp.at("other/secret"))).toBe(true);
  } finally {
    unmount(tmp.at("s/d/m"));
  }
});

test("immutable and append-only files can be removed", async (context) => {
  await using tmp = scratch();
  tmp.sh("mkdir -p s/d/e; touch s/f s/d/g s/d/e/h");
  try {
    tmp.sh("chattr +i s/f s/d/e; chattr +a s/d/g; chattr +i s/d");
  } catch {
    context.skip("the temporary directory's filesystem has no such flags");
  }
  await removeTree(tmp.at("s"));
  expect(existsSync(tmp.at("s"))).toBe(false);
});

test("blocks are shared where the filesystem can", async (context) => {
  if (!has("mkfs.xfs") || !has("losetup")) context.skip("no mkfs.xfs");
  await using tmp = scratch();
  tmp.sh("truncate -s 320M image; mkfs.xfs -q -m reflink=1 image; mkdir m");
  try {
    tmp.sh("mount -o loop image m");
  } catch {
    context.skip("this kernel has no xfs or no loop devices");
  }
  try {
    tmp.sh(
      "mkdir m/s m/t; head -c 20000000 /dev/urandom > m/s/big; echo small > m/s/small; truncate -s 9M m/s/hole; : > m/s/empty; sync",
    );
    const used = () => Number(tmp.sh("sync; df --output=used -k m | tail -1"));
    const before = used();
    await copyTree(tmp.at("m/s"), tmp.at("m/t"));
    expect(used() - before).toBeLessThan(2000);
    expect(listTree(tmp.at("m/t"))).toEqual(listTree(tmp.at("m/s")));
  } finally {
    tmp.sh("umount m");
  }
});

test("a full disk is NO_SPACE", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir m s; head -c 3000000 /dev/zero > s/f; mount -t tmpfs -o size=1M none m");
  try {
    mkdirSync(tmp.at("m/t"));
    await expect(copyTree(tmp.at("s"), tmp.at("m/t"))).rejects.toMatchObject({
      code: "NO_SPACE",
      errno: "ENOSPC",
      path: "f",
    });
  } finally {
    tmp.sh("umount m");
  }
});
