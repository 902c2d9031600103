import type { Command } from "commander";

/** Those of the environment first. */
export function driverModulesAsked(command: Command): string[] {
  const { driverModule = [] } = command.optsWithGlobals() as { driverModule?: string[] };
  return [...(process.env.COPYUP_DRIVER_MODULES ?? "").split(":").filter(Boolean), ...driverModule];
}

/** Before a verb runs: drivers of other packages become known. */
export async function addDriverModules(command: Command): Promise<void> {
  const modules = driverModulesAsked(command);
  if (modules.length === 0) return;
  const { addDriverModule } = await import("@copyup/runtime");
  for (const module of modules) await addDriverModule(module);
}
