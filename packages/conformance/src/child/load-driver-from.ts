import type { DriverModule } from "@copyup/core";

/** The driver that a module exports, under whatever name: a bundle renames what it exports. */
export async function loadDriverFrom(url: string, name: string): Promise<DriverModule> {
  const exported: Record<string, unknown> = await import(url);
  const driver = Object.values(exported).find((value) => isDriver(value) && value.name === name);
  if (!isDriver(driver)) throw new Error(`${url} exports no driver ${name}`);
  return driver;
}

function isDriver(value: unknown): value is DriverModule {
  const { name, open, probe } = (value ?? {}) as Partial<DriverModule>;
  return typeof name === "string" && typeof open === "function" && typeof probe === "function";
}
