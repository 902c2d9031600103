import { closeSync, openSync, readdirSync, writeFileSync } from "node:fs";
import type { Layer, StorageDriver } from "@copyup/core";
import { carryOut, closeFd, detachedOverlay, listXattrs, unmount } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { driver } from "../src/index.ts";
import { layerAt } from "./layers.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

async function ground(): Promise<{ opened: StorageDriver; layer: Layer; mount: () => string }> {
  const directories = {
    root: scratch.path,
    layers: scratch.directory("layers"),
    scratch: scratch.directory("scratch"),
  };
  const opened = await driver.open(directories, {});
  const layer = layerAt(scratch.directory("layers/one/body"));
  await opened.create({ dir: layer.body }, null, {});
  return {
    opened,
    layer,
    mount: () => {
      const target = scratch.directory("target");
      carryOut(opened.plan([layer], "rw"), target);
      return target;
    },
  };
}

describe("busy", () => {
  it("is false for a layer nobody has mounted", async () => {
    const { opened, layer } = await ground();
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("is true while it is mounted", async () => {
    const { opened, layer, mount } = await ground();
    const target = mount();
    expect(await opened.busy?.(layer)).toBe(true);
    unmount(target);
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("is true after a lazy unmount until the last file is closed", async () => {
    const { opened, layer, mount } = await ground();
    const target = mount();
    writeFileSync(`${target}/f`, "");
    const fd = openSync(`${target}/f`, "r+");
    unmount(target, true);
    expect(await opened.busy?.(layer)).toBe(true);
    closeSync(fd);
    expect(await opened.busy?.(layer)).toBe(false);
  });

  it("leaves the layer as it found it", async () => {
    const { opened, layer, mount } = await ground();
    unmount(mount());
    const look = () => [
      listXattrs(`${layer.body}/diff`),
      readdirSync(layer.body).sort(),
      readdirSync(scratch.directory("scratch")),
    ];
    const before = look();
    for (let i = 0; i < 3; i++) expect(await opened.busy?.(layer)).toBe(false);
    expect(look()).toEqual(before);
    unmount(mount());
  });

  it("is null where the kernel answers something else", async () => {
    const { opened, layer } = await ground();
    // Once used with an index the upper remembers its lower: ESTALE with any other.
    const [lowers, upper, work] = [[scratch.directory("other")], `${layer.body}/diff`, `${layer.body}/work`];
    closeFd(detachedOverlay({ type: "overlay", lowers, upper, work, options: ["index=on"] }));
    expect(await opened.busy?.(layer)).toBe(null);
  });

  it("says the same of a layer written in a user namespace", async () => {
    const { opened, layer } = await ground();
    const user: Layer = { ...layer, dialect: "overlay-user" };
    expect(await opened.busy?.(user)).toBe(false);
    const target = scratch.directory("target");
    carryOut(opened.plan([user], "rw"), target);
    expect(await opened.busy?.(user)).toBe(true);
    unmount(target);
  });
});
