/** Run by user-namespace.kernel.ts in a user and mount namespace: the life of two layers, told as JSON. */
import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Layer, MountMode } from "@copyup/core";
import { carryOut, listXattrs, unmount } from "@copyup/linux";
import { driver } from "../src/index.ts";
import { layerAt } from "./layers.ts";

const root = process.argv[2] ?? "";
for (const name of ["layers", "scratch", "target"]) mkdirSync(`${root}/${name}`);
const opened = await driver.open({ root, layers: `${root}/layers`, scratch: `${root}/scratch` }, {});

async function create(id: string, parent: Layer | null): Promise<Layer> {
  const body = `${root}/layers/${id}/body`;
  mkdirSync(body, { recursive: true });
  await opened.create({ dir: body }, parent, {});
  return layerAt(body, { parent: parent?.id ?? null, dialect: opened.dialect });
}

async function mounted<T>(
  chain: readonly Layer[],
  mode: MountMode,
  use: (target: string) => T | Promise<T>,
): Promise<T> {
  const target = `${root}/target`;
  const plan = opened.plan(chain, mode);
  carryOut(plan, target);
  try {
    await opened.verify?.({ chain, mode, plan, target });
    return await use(target);
  } finally {
    unmount(target);
  }
}

const base = await create("base", null);
await mounted([base], "rw", (target) => {
  mkdirSync(`${target}/d`);
  for (const name of ["d/old", "gone"]) writeFileSync(`${target}/${name}`, "");
});
await opened.seal?.(base);
const child = await create("child", base);
const busy = await mounted([child, base], "rw", (target) => {
  rmSync(`${target}/gone`);
  rmSync(`${target}/d`, { recursive: true });
  mkdirSync(`${target}/d`);
  writeFileSync(`${target}/d/new`, "");
  return opened.busy?.(child);
});
await opened.seal?.(child);
const diff = `${child.body}/diff`;
console.log(
  JSON.stringify({
    dialect: opened.dialect,
    options: opened.plan([child, base], "rw").steps.flatMap((step) => (step.type === "overlay" ? step.options : [])),
    busy: [busy, await opened.busy?.(child)],
    whiteout: [lstatSync(`${diff}/gone`).isCharacterDevice(), lstatSync(`${diff}/gone`).rdev],
    opaque: listXattrs(`${diff}/d`),
    view: await mounted([child, base], "ro", (target) => [readdirSync(target), readdirSync(`${target}/d`)]),
    work: readdirSync(`${child.body}/work`),
  }),
);
