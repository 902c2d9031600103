import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "@copyup/core";
import { findProgram, readMountInfo, runChild, unmount } from "@copyup/linux";
import type { PeerRoom } from "../peer.ts";
import { containerdConfig } from "./config.ts";

const START_MS = 15_000;
const END_MS = 10_000;

/** A containerd of our own: nothing of it but its sockets lies outside the peer's directory, and the host's is never asked. */
export interface Daemon {
  readonly pid: number;
  readonly socket: string;
  /** Ends the daemon, and takes away what is still mounted below its directory. */
  close(): Promise<void>;
}

/** Rejects with IO and what it said where it does not come up. */
export async function startDaemon({ dir, env, signal }: PeerRoom): Promise<Daemon> {
  const [configuration, said] = [path.join(dir, "config.toml"), path.join(dir, "log")];
  // Of a socket's path 104 bytes are allowed, and an image is mounted deep below the temporary directory.
  const sockets = mkdtempSync(path.join(os.tmpdir(), "copyup-ctr-"));
  const socket = path.join(sockets, "s");
  writeFileSync(configuration, containerdConfig({ dir, socket }));
  const log = openSync(said, "a");
  // Should this process be killed, the daemon goes with it.
  const words = ["--pdeathsig", "KILL", findProgram("containerd") ?? "", "--config", configuration, "-l", "error"];
  const daemon = spawn(findProgram("setpriv") ?? "setpriv", words, { env, stdio: ["ignore", log, log] });
  closeSync(log);
  const close = async () => {
    await end(daemon);
    unmountBelow(dir);
    rmSync(sockets, { recursive: true });
  };
  try {
    await ready(daemon, () => runChild(["ctr", "-a", socket, "version"], { cwd: dir, env }).status === 0, said);
    signal.throwIfAborted();
    return { pid: daemon.pid ?? 0, socket, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ready(daemon: ChildProcess, answers: () => boolean, said: string): Promise<void> {
  const until = performance.now() + START_MS;
  while (!hasEnded(daemon) && performance.now() < until) {
    if (answers()) return;
    await sleep(50);
  }
  throw new StorageError({
    code: "IO",
    op: "bench",
    message: `containerd does not come up: ${readFileSync(said, "utf8").trim().slice(-500)}`,
  });
}

async function end(daemon: ChildProcess): Promise<void> {
  if (hasEnded(daemon)) return;
  const gone = once(daemon, "exit");
  daemon.kill("SIGTERM");
  const late = setTimeout(() => daemon.kill("SIGKILL"), END_MS);
  await gone;
  clearTimeout(late);
}

const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess) =>
  pid === undefined || exitCode !== null || signalCode !== null;

function unmountBelow(dir: string): void {
  const targets = [...readMountInfo()].map(({ target }) => target).filter((target) => target.startsWith(`${dir}/`));
  for (const target of targets.reverse()) unmount(target);
}
