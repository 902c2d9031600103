import { describePromises, openScratch, openSession, type ScratchFilesystem, uncheckedRows } from "@copyup/conformance";
import { describeDirectory, describeHost } from "@copyup/linux";
import { driverNames, loadDriver } from "@copyup/runtime";
import type { Environment, GlobalOptions } from "../environment.ts";
import { printJson, printLine } from "../output/print.ts";
import type { ProfilePage } from "../profile/page.ts";
import { profileText } from "../profile/text.ts";
import type { ConformFlags } from "../suite/conform-flags.ts";

const WIDEST = 120;

/**
 * `copyup conform --profile [DRIVER…]`: what each driver promises and disclaims where the suite would run with the same
 * `--work` and `--fs`. Throws BAD_OPTION for a driver that nobody knows; exit 3 where one of them does not work.
 */
export async function conformProfile(
  named: readonly string[],
  flags: ConformFlags,
  options: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const names = named.length > 0 ? named : driverNames();
  const drivers = await Promise.all(names.map((name) => loadDriver(name)));
  const pages: ProfilePage[] = [];
  for (const filesystem of flags.fs ?? [null]) {
    const page = await pageOn(filesystem, flags.work, drivers);
    pages.push(page);
    if (!options.json) printPage(page, flags.verbose === true, pages.length > 1);
    if (environment.signal.aborted) break;
  }
  if (options.json) printJson(pages);
  const works = pages.map((page) => page.drivers.filter((driver) => driver.works).length);
  // Of the drivers that were named each must work; of all of them, one.
  const enough = named.length > 0 ? drivers.length : 1;
  if (works.some((count) => count < enough)) environment.setStatus(3);
}

async function pageOn(
  filesystem: ScratchFilesystem | null,
  work: string | undefined,
  drivers: readonly Awaited<ReturnType<typeof loadDriver>>[],
): Promise<ProfilePage> {
  const wanted = work === undefined ? "wanted" : "needed";
  const scratch = await openScratch(
    filesystem === null ? { work, image: wanted } : { work, image: "required", imageFilesystem: filesystem },
  );
  try {
    const promises = [];
    for (const driver of drivers) promises.push(await describePromises(await openSession(driver, scratch.dir)));
    return {
      host: describeHost(),
      directory: describeDirectory(scratch.dir),
      scratch: scratch.description,
      drivers: promises,
      unchecked: uncheckedRows,
    };
  } finally {
    await scratch.close();
  }
}

function printPage(page: ProfilePage, verbose: boolean, another: boolean): void {
  const width = Math.min(process.stdout.columns ?? (Number(process.env.COLUMNS) || 80), WIDEST);
  const lines = profileText(page, { width, colour: process.stdout.isTTY === true, verbose });
  if (another) printLine();
  for (const line of lines) printLine(line);
}
