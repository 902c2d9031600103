import { truncateSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { attachLoop, closeFd } from "@copyup/linux";
import { expect, it } from "vitest";
import { drivers, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

/** A loop device on a file of the mount: the kernel itself holds it, and no process shows it. */
function holdUnseen(mount: string): () => void {
  writeFileSync(`${mount}/image`, "");
  truncateSync(`${mount}/image`, 1 << 20);
  const { fd } = attachLoop(`${mount}/image`);
  return () => closeFd(fd);
}

it.each(drivers)("with %s: what nobody is seen to hold is unmounted once it is free", async (_, driver) => {
  await using store = await openAt(scratch, driver);
  const active = await store.prepare();
  const mount = await active.mount();
  const release = holdUnseen(mount.path);
  const released = sleep(20).then(release);
  await mount.unmount();
  await released;
  expect((await store.get(active.id)).state).toBe("active");
});

it.each(drivers)("with %s: what stays held is MOUNT_BUSY, and says that it cannot see by whom", async (_, driver) => {
  await using store = await openAt(scratch, driver);
  const active = await store.prepare();
  await using mount = await active.mount();
  const release = holdUnseen(mount.path);
  const refused = await refusal(mount.unmount());
  release();
  expect(refused).toMatchObject({ code: "MOUNT_BUSY", errno: "EBUSY" });
  expect(refused.message).toContain("something that cannot be seen from here");
});
