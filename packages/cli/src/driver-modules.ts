import type { Command } from "commander";

/** Before a verb runs: drivers of other packages become known, those of the environment first. */
export async function addDriverModules(command: Command): Promise<void> {
  const { driverModule = [] } = command.optsWithGlobals() as { driverModule?: string[] };
  const modules = [...(process.env.COPYUP_DRIVER_MODULES ?? "").split(":").filter(Boolean), ...driverModule];
  if (modules.length === 0) return;
  const { addDriverModule } = await import("@copyup/runtime");
  for (const module of modules) await addDriverModule(module);
}
