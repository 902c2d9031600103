import { DRIVER_API_VERSION, type DriverModule, isDriverName, type StorageDriver } from "@copyup/core";

type Fields = Readonly<Record<string, unknown>>;

const show = (value: unknown) => (typeof value === "function" ? "a function" : (JSON.stringify(value) ?? "missing"));

const isFunction = (value: unknown) => typeof value === "function";
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;

/** What a DriverModule in plain JavaScript may have got wrong, a sentence each; none: it is one. */
export function moduleFaults(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [`it is ${show(value)}, not an object`];
  const module = value as Fields;
  const { name, summary, bodyFormat, apiVersion = 1 } = module;
  const faults: string[] = [];
  if (!isDriverName(name))
    faults.push(`its name is ${show(name)}: small letters, digits and '-', beginning with a letter`);
  if (typeof summary !== "string" || summary === "") faults.push(`its summary is ${show(summary)}, not a sentence`);
  if (!isCount(bodyFormat)) faults.push(`its bodyFormat is ${show(bodyFormat)}, not a whole number`);
  for (const method of ["probe", "profile", "open"])
    if (!isFunction(module[method])) faults.push(`its ${method} is ${show(module[method])}, not a function`);
  if (!isCount(apiVersion)) faults.push(`its apiVersion is ${show(apiVersion)}, not a whole number`);
  else if ((apiVersion as number) > DRIVER_API_VERSION)
    faults.push(
      `it was written for version ${apiVersion} of the driver interface; this copyup knows ${DRIVER_API_VERSION}`,
    );
  return faults;
}

/** The same for what its `open` gave. */
export function openedFaults(value: unknown, { name, bodyFormat }: DriverModule): string[] {
  if (typeof value !== "object" || value === null) return [`open gave ${show(value)}, not a driver`];
  const opened = value as Fields & Partial<StorageDriver>;
  const faults: string[] = [];
  if (opened.name !== name) faults.push(`the opened driver is called ${show(opened.name)}`);
  if (opened.bodyFormat !== bodyFormat) faults.push(`the opened driver's bodyFormat is ${show(opened.bodyFormat)}`);
  if (opened.maxParents !== null && !isCount(opened.maxParents))
    faults.push(`its maxParents is ${show(opened.maxParents)}, neither a whole number nor null`);
  if (typeof opened.dialect !== "string") faults.push(`its dialect is ${show(opened.dialect)}`);
  for (const method of ["create", "access", "plan"])
    if (!isFunction(opened[method])) faults.push(`its ${method} is ${show(opened[method])}, not a function`);
  for (const method of ["seal", "verify", "beforeUnmount", "busy", "destroy", "usage"])
    if (opened[method] !== undefined && !isFunction(opened[method]))
      faults.push(`its ${method} is ${show(opened[method])}, not a function`);
  return faults;
}
