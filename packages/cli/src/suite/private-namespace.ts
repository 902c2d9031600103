import { spawn } from "node:child_process";
import { CLONE_NEWNS, describeHost, libc, makePrivate } from "@copyup/linux";

const INSIDE = "COPYUP_PRIVATE_NAMESPACE";

/**
 * Runs this same command again in a mount namespace of its own, so that nothing the suite mounts is ever seen by the host,
 * and everything is gone with the process. Gives the child's exit status, or null when we are inside already, or cannot (an
 * ordinary user mounts nothing anyway). A child, because libuv's pool threads would stay in the old namespace.
 */
export async function rerunInPrivateNamespace(signal: AbortSignal): Promise<number | null> {
  if (process.env[INSIDE] === "1" || !describeHost().sysAdmin) return null;
  if (libc.unshare(CLONE_NEWNS) < 0) return null;
  makePrivate("/", true);
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  // Ctrl-C reaches the child from the terminal too; TERM does not.
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, killedBy) => resolve(status ?? (killedBy ? 1 : 0)));
  });
}
