import { type DriverModule, StorageError } from "@copyup/core";
import { readStoreInfo } from "@copyup/store";
import { driverNames, knownDrivers } from "./known-drivers.ts";
import { loadDriver } from "./load-driver.ts";
import { describeContext, probeDriver, whyNot } from "./probe.ts";

export interface Choice {
  readonly driver: DriverModule;
  /** Why this one. */
  readonly why: string;
  /** Why each of the others was not picked. */
  readonly others: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Picks the driver for a store's root: what the store already holds, else the one asked for, else the first that a probe
 * finds working. WRONG_DRIVER where the store holds another than the one asked for; NO_DRIVER with everybody's evidence.
 */
export async function chooseDriver(root: string, wanted?: string): Promise<Choice> {
  const asked = wanted === undefined ? null : await loadDriver(wanted);
  const info = readStoreInfo(root);
  if (info) {
    if (asked && asked.name !== info.driver) {
      throw new StorageError({
        code: "WRONG_DRIVER",
        op: "open",
        path: root,
        message: `the store holds layers of ${info.driver}, not of ${asked.name}`,
        hint: `leave out --driver, or use another --root for ${asked.name}`,
      });
    }
    return {
      driver: await loadHeld(info.driver, root),
      why: "the store holds its layers",
      others: notPicked(info.driver, "the store is another's"),
    };
  }
  if (asked) return { driver: asked, why: "asked for", others: notPicked(asked.name, "another was asked for") };
  return probeForDriver(root);
}

/** What a store says is data: no module is loaded because a store names it. */
async function loadHeld(name: string, root: string): Promise<DriverModule> {
  if (driverNames().includes(name)) return loadDriver(name);
  throw new StorageError({
    code: "WRONG_DRIVER",
    op: "open",
    path: root,
    message: `the store holds layers of ${name}, a driver that is not known here`,
    hint: "name the module it is in: --driver-module PATH|PACKAGE, or COPYUP_DRIVER_MODULES",
  });
}

function notPicked(name: string, why: string): Choice["others"] {
  return knownDrivers()
    .filter((entry) => entry.name !== name)
    .map((entry) => ({ name: entry.name, why }));
}

async function probeForDriver(root: string): Promise<Choice> {
  const context = describeContext(root);
  const others: { name: string; why: string }[] = [];
  let choice: { driver: DriverModule; why: string } | null = null;
  for (const entry of knownDrivers()) {
    if (choice) {
      others.push({ name: entry.name, why: `${choice.driver.name} comes first and works` });
      continue;
    }
    const driver = await entry.load();
    const report = await probeDriver(driver, context);
    if (report.works) choice = { driver, why: `the first that works on this ${context.directory.filesystem}` };
    else others.push({ name: entry.name, why: whyNot(report) });
  }
  if (choice) return { ...choice, others };
  throw new StorageError({
    code: "NO_DRIVER",
    op: "open",
    path: root,
    message: `no driver works at ${root}: ${others.map((other) => `${other.name}: ${other.why}`).join("; ")}`,
    hint: "`copyup probe` shows all the evidence",
  });
}
