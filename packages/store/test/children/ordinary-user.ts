import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isStorageError } from "@copyup/core";
import { openStore } from "../../src/index.ts";
import { driverNamed } from "./drivers.ts";

/** `ordinary-user.ts DIRECTORY`: what somebody without any right sees; prints it as JSON. */
const [directory = ""] = process.argv.slice(2);
const root = path.join(directory, "store");
const refused = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isStorageError(error) ? { code: error.code, hint: error.hint } : { error: String(error) };
};

await using store = await openStore({ root, driver: await driverNamed("plain-copy"), create: true });
const active = await store.prepare();
const mount = await active.mount();
writeFileSync(path.join(mount.path, "f"), "x");
const report: Record<string, unknown> = {
  mounted: mount.mounted,
  isItsDirectory: mount.path === store.access(active.layer).dir,
  states: (await store.mounts()).map(({ state, target }) => ({ state, here: target === mount.path })),
  atTarget: await refused(active.mount({ target: path.join(directory, "target") })),
  atBadTarget: await refused(active.mount({ target: path.join(directory, "missing") })),
  commitWhileHeld: await refused(active.commit()),
};
await mount.unmount();
const layer = await active.commit();
await using child = await store.prepare({ parent: layer.id });
{
  await using view = await store.view(layer.id);
  report.view = readFileSync(path.join(view.path, "f"), "utf8");
  report.mode = view.mode;
}
report.owned = await refused(store.apply([readFileSync(path.join(directory, "owned.tar"))]));
const lossy = await store.apply([readFileSync(path.join(directory, "owned.tar"))], { lossy: true });
report.lost = lossy.lost.owner;
report.lostInRecord = (await store.get(lossy.layer.id)).lost.owner;
report.child = (await store.get(child.id)).state;
report.problems = (await store.check()).problems;
console.log(JSON.stringify(report));
