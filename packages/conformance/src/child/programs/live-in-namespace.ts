import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { describeDirectory, describeHost } from "@copyup/linux";
import { type LayerStore, openStore } from "@copyup/store";
import type { ProgramContext } from "./index.ts";

/** What `lifeOfLayers` tells, as one line of JSON. */
export interface LifeTold {
  /** The refusal's code, message and hint where the driver does not work there. */
  readonly refused?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly uid: number;
  readonly userNamespace: boolean;
  readonly dialect?: string;
  readonly mounted?: boolean;
  readonly view?: readonly string[];
  readonly probe: readonly { readonly feature: string; readonly evidence: string; readonly fix: string | null }[];
}

/** The life of two layers, with a deletion and a replaced directory, as whoever this process is. */
export async function lifeOfLayers({ driver, root, say }: ProgramContext): Promise<void> {
  const host = describeHost();
  mkdirSync(root, { recursive: true });
  const findings = await driver.probe(describeDirectory(root), host);
  const probe = findings.filter((finding) => finding.required && !finding.ok);
  const who = { uid: process.geteuid?.() ?? -1, userNamespace: host.userNamespace, probe };
  let told: LifeTold;
  try {
    await using store = await openStore({ root: `${root}/store`, driver, create: true });
    told = { ...who, ...(await live(store)) };
  } catch (error) {
    if (!isStorageError(error)) throw error;
    told = { ...who, refused: { code: error.code, message: error.message, hint: error.hint ?? "" } };
  }
  say(JSON.stringify(told));
}

async function live(store: LayerStore): Promise<Pick<LifeTold, "dialect" | "mounted" | "view">> {
  await inLayer(store, "base", null, (root) => {
    mkdirSync(`${root}/d`);
    for (const name of ["d/old", "gone", "kept"]) writeFileSync(`${root}/${name}`, "");
  });
  await inLayer(store, "child", "base", (root) => {
    rmSync(`${root}/gone`);
    rmSync(`${root}/d`, { recursive: true });
    mkdirSync(`${root}/d`);
    writeFileSync(`${root}/d/new`, "");
  });
  await using view = await store.view("child");
  const names = [...readdirSync(view.path), ...readdirSync(`${view.path}/d`).map((name) => `d/${name}`)];
  return { dialect: store.driver.dialect, mounted: view.mounted, view: names.sort() };
}

async function inLayer(store: LayerStore, id: string, parent: string | null, edit: (root: string) => void) {
  const active = await store.prepare({ id, parent });
  {
    await using mount = await active.mount();
    edit(mount.path);
  }
  await active.commit({ durability: "none" });
}

/** Run below `unshare -Urm`. */
export const liveInNamespace = lifeOfLayers;
