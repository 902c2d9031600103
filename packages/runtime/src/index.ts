export { type Choice, chooseDriver } from "./choose.ts";
export { type DriverEntry, driverNames, drivers } from "./drivers.ts";
export { loadDriver } from "./load-driver.ts";
export { openRuntimeStore, type RuntimeStore, type RuntimeStoreOptions } from "./open-store.ts";
export {
  describeContext,
  nearestExisting,
  type ProbeContext,
  type ProbeReport,
  probeAll,
  probeDriver,
  whyNot,
} from "./probe.ts";
