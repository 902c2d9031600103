import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import {
  commandOf,
  findHolders,
  mountIdentity,
  mountNamespace,
  openFilesOn,
  processStartTime,
} from "../../src/index.ts";
import { freshDirectory } from "../fresh-directory.ts";

const fresh = freshDirectory();
let child: ChildProcess | null = null;

afterEach(async () => {
  if (child?.kill("SIGKILL")) await once(child, "exit");
  child = null;
});

describe("holders", () => {
  it("are found by open file and by working directory, with pid, command and path", async () => {
    writeFileSync(`${fresh.path}/f`, "");
    child = spawn("sh", ["-c", "exec 7<f; echo ready; read x"], {
      cwd: fresh.path,
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout!, "data");
    const { pid } = child;
    const mine = findHolders(mountIdentity(fresh.path)).filter((holder) => holder.pid === pid);
    expect(mine).toEqual(
      expect.arrayContaining([
        { pid, command: "sh", how: "cwd", path: fresh.path },
        { pid, command: "sh", how: "fd 7", path: `${fresh.path}/f` },
      ]),
    );
  });

  it("on another mount are left out", () => {
    const fd = openSync(`${fresh.path}/f`, "w");
    const { major, minor, mountId } = mountIdentity(fresh.path);
    const held = (on: number) =>
      findHolders({ major, minor }, { id: on, uniqueId: null }).some(({ path }) => path === `${fresh.path}/f`);
    expect([held(mountId), held(mountId + 100_000)]).toEqual([true, false]);
    closeSync(fd);
  });

  it("are told apart by inode", () => {
    const fd = openSync(`${fresh.path}/f`, "w");
    const files = [...openFilesOn(mountIdentity(fresh.path))].filter(({ path }) => path.startsWith(fresh.path));
    expect(files).toMatchObject([{ pid: process.pid, how: `fd ${fd}`, path: `${fresh.path}/f` }]);
    expect(files[0]?.inode).toMatch(/^\d+:\d+:\d+:\d+$/);
    closeSync(fd);
  });
});

describe("a process", () => {
  it("is named by pid and start time", () => {
    expect(processStartTime(process.pid)).toMatch(/^\d+$/);
    expect(processStartTime(2 ** 22 + 1)).toBeNull();
  });

  it("has a command with any characters", async () => {
    child = spawn("sh", ["-c", "printf 'a) b (' > /proc/self/comm; echo ready; read x"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout!, "data");
    expect(commandOf(child.pid!)).toBe("a) b (");
    expect(processStartTime(child.pid!)).toMatch(/^\d+$/);
    expect(commandOf(2 ** 22 + 1)).toBe("?");
  });

  it("is in a mount namespace", () => {
    expect(mountNamespace("self")).toMatch(/^mnt:\[\d+\]$/);
    expect(mountNamespace(process.pid)).toBe(mountNamespace("self"));
  });
});
