import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { addDriverModule, driverNames, drivers, knownDrivers, loadDriver, registerDriver } from "@copyup/runtime";
import { beforeAll, expect, onTestFinished, test } from "vitest";

/** What the command does with modules, its errors too, is tested in packages/cli/test/driver-module.kernel.ts. */
const SOURCE = `export const driver = {
  name: "from-a-file", summary: "a test", bodyFormat: 1,
  async probe() { return [{ feature: "never", ok: false, required: true, kind: "unsupported", evidence: "a test", fix: null }]; },
  profile: () => ({ driver: "from-a-file", deviations: [] }),
  open: async () => ({ name: "another", bodyFormat: 1, maxParents: -1, dialect: "tree", create() {}, access() {}, plan() {}, busy: 7 }),
};`;

let plain: Awaited<ReturnType<typeof loadDriver>>;
beforeAll(async () => {
  plain = await loadDriver("plain-copy");
});

function moduleIn(name: string, text: string): { from: string; file: string } {
  const from = mkdtempSync(path.join(os.tmpdir(), "copyup-modules-"));
  onTestFinished(() => rmSync(from, { recursive: true }));
  const file = path.join(from, name);
  writeFileSync(file, text);
  return { from, file };
}

test("a registered driver comes after ours, once", () => {
  const mine = { ...plain, name: "registered" };
  registerDriver(mine);
  registerDriver(mine);
  expect(driverNames()).toEqual([...drivers.map(({ name }) => name), "registered"]);
  expect(knownDrivers().at(-1)?.module).toBe(mine);
});

test("a name is had once: ours, or another module's", () => {
  expect(() => registerDriver({ ...plain })).toThrow(/already: it is one of copyup's own/);
  registerDriver({ ...plain, name: "twice" });
  expect(() => registerDriver({ ...plain, name: "twice" })).toThrow(/a driver called twice already$/);
});

test("a module's driver is loaded with its url, and looked at when it is opened", async () => {
  const { from, file } = moduleIn("driver.mjs", SOURCE);
  // Without ./ too, though to import() that would be a package.
  const added = await addDriverModule("driver.mjs", { from });
  expect(await addDriverModule(file)).toBe(added);
  const loaded = await loadDriver("from-a-file");
  expect(loaded.url).toBe(pathToFileURL(file).href);
  await expect(loaded.open({ root: from, layers: from, scratch: from }, {})).rejects.toMatchObject({
    code: "BAD_OPTION",
    message:
      'driver.mjs: the opened driver is called "another"; its maxParents is -1, neither a whole number nor null; its busy is 7, not a function',
  });
});
