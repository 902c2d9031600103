import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { codeFingerprint } from "@copyup/conformance";
import type { DriverModule } from "@copyup/core";

/** What every driver's results depend on. */
const SHARED = ["core", "linux", "archive", "store", "conformance"];

/**
 * A digest of the code a driver's results depend on: the suite's and what it stands on, and the driver's own. So a change of
 * overlay2 leaves plain-copy's results as they are, and a commit that touches neither leaves all.
 */
export function codeOf(): (driver: DriverModule) => string {
  const shared = codeFingerprint(
    SHARED.map((name) => path.dirname(createRequire(import.meta.url).resolve(`@copyup/${name}`))),
  );
  return (driver) => `${shared} ${codeFingerprint([driverDirectory(driver)])}`;
}

function driverDirectory(driver: DriverModule): string {
  const runtime = createRequire(import.meta.url).resolve("@copyup/runtime");
  const own = directoryOf(runtime, `@copyup/${driver.name}`);
  // A driver from somebody else's package: the directory of its module.
  return own ?? path.dirname(driver.url === undefined ? runtime : fileURLToPath(driver.url));
}

function directoryOf(from: string, name: string): string | null {
  try {
    return path.dirname(createRequire(from).resolve(name));
  } catch {
    return null;
  }
}
