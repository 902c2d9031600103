export { type Choice, chooseDriver } from "./choose.ts";
export { type DriverEntry, drivers } from "./drivers.ts";
export { driverNames, knownDrivers, registerDriver } from "./known-drivers.ts";
export { loadDriver } from "./load-driver.ts";
export { type AddDriverOptions, addDriverModule } from "./modules/add-driver-module.ts";
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
