import { openStore } from "@copyup/store";
import type { ProgramContext } from "./index.ts";

/** `ID [TARGET]`: mounts the layer for this process, says where, and keeps it until it is told something. */
export async function mountAndWait({ driver, root, args, say, next }: ProgramContext): Promise<void> {
  const [id = "", target] = args;
  await using store = await openStore({ root, driver });
  const mount = await store.mount(id, target === undefined ? {} : { target });
  say(mount.path);
  await next();
}
