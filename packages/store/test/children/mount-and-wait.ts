import { createInterface } from "node:readline";
import type { MountOwner } from "../../src/index.ts";
import { openStore } from "../../src/index.ts";
import { driverNamed } from "./drivers.ts";

/**
 * `mount-and-wait.ts ROOT DRIVER ID OWNER [TARGET]`: mounts, prints the path and whether it is mounted, waits for a line,
 * unmounts.
 */
const [root = "", driver, id = "", owner, target] = process.argv.slice(2);
const store = await openStore({ root, driver: await driverNamed(driver) });
const mount = await store.mount(id, { owner: owner as MountOwner, target });
console.log(JSON.stringify({ path: mount.path, mounted: mount.mounted }));
for await (const _ of createInterface({ input: process.stdin })) break;
await mount.unmount();
await store[Symbol.asyncDispose]();
