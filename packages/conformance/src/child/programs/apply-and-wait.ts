import { readFileSync } from "node:fs";
import { openStore } from "@copyup/store";
import type { ProgramContext } from "./index.ts";

/** `TAR PARENT`: applies the archive, says `half` in the midst of it and goes on when it is told to; then says the new id. */
export async function applyAndWait({ driver, root, args, say, next }: ProgramContext): Promise<void> {
  const [file = "", parent = ""] = args;
  await using store = await openStore({ root, driver });
  const tar = readFileSync(file);
  async function* halves() {
    yield tar.subarray(0, tar.length >> 1);
    say("half");
    await next();
    yield tar.subarray(tar.length >> 1);
  }
  const { layer } = await store.apply(halves(), { parent, durability: "none" });
  say(layer.id);
}
