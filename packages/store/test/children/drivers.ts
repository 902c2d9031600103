import type { DriverModule } from "@copyup/core";

export async function driverNamed(name: string | undefined): Promise<DriverModule> {
  const module = name === "overlay2" ? await import("@copyup/overlay2") : await import("@copyup/plain-copy");
  return module.driver;
}
