import { once } from "node:events";
import { chmodSync, chownSync, readdirSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { closedToOthers } from "../../../tools/closed-to-others.ts";
import { copyupAs, MAIN, runAs, startCopyupAs, USER_WITH_RANGES } from "./as-user.ts";
import { temporaryDirectory } from "./command.ts";

beforeEach(({ skip }) => {
  const closed = closedToOthers();
  skip(closed !== null, closed ?? "");
});

const numbers = (text: string) => text.trim().split(/\s+/).map(Number);

describe("copyup unshare", () => {
  it("maps one id for a user without ranges, gives setgroups up, and says so", () => {
    const run = copyupAs({}, [
      "unshare",
      "--",
      "cat",
      "/proc/self/uid_map",
      "/proc/self/gid_map",
      "/proc/self/setgroups",
    ]);
    expect(run.status).toBe(0);
    expect(run.stdout.trim().split(/\s+/)).toEqual(["0", "65534", "1", "0", "65534", "1", "deny"]);
    expect(run.stderr).toMatch(
      /^copyup: root of a user namespace: id 0 is you \(uid 65534\), and there are no other ids \(no range for nobody in \/etc\/subuid and \/etc\/subgid\); .*usermod/,
    );
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("maps the ranges of /etc/subuid and /etc/subgid", () => {
    const run = copyupAs(USER_WITH_RANGES, ["unshare", "--", "cat", "/proc/self/uid_map"]);
    expect(run.status).toBe(0);
    expect(numbers(run.stdout)).toEqual([0, 64_321, 1, 1, 700_000, 65_536]);
    expect(run.stderr).toContain("uids 1-65536 are 700000-765535");
    const groups = copyupAs(USER_WITH_RANGES, [
      "--quiet",
      "unshare",
      "--",
      "cat",
      "/proc/self/gid_map",
      "/proc/self/setgroups",
    ]);
    expect(groups.stdout.trim().split(/\s+/)).toEqual(["0", "64321", "1", "1", "700000", "65536", "allow"]);
    expect(groups.stderr).toBe("");
  });

  it("maps one id where asked to", () => {
    const run = copyupAs(USER_WITH_RANGES, ["unshare", "--one-id", "--", "cat", "/proc/self/uid_map"]);
    expect(numbers(run.stdout)).toEqual([0, 64_321, 1]);
    expect(run.stderr).toContain("(asked for)");
  });

  it("falls back to one id where newuidmap refuses, with what it said", () => {
    // A range with the user's own id in it: no id can be mapped twice.
    const bad = { uid: 64_321, ranges: "tested:64321:2\n" };
    const run = copyupAs(bad, ["unshare", "--", "cat", "/proc/self/uid_map"]);
    expect(numbers(run.stdout)).toEqual([0, 64_321, 1]);
    expect(run.stderr).toMatch(/newuidmap refused: .*uid_map/);
  });

  it("says so where the user may not enter the current directory", () => {
    const closed = temporaryDirectory();
    chmodSync(closed, 0o700);
    const run = copyupAs({ cwd: closed }, ["--quiet", "unshare", "--", "true"]);
    expect(run.stderr).toBe(
      `copyup: unshare: you may not enter the current directory ${closed} (EACCES): go to another one first\n`,
    );
    expect(run.status).toBe(126);
  });

  it("runs as root with all rights there, in the same directory, with the same arguments", () => {
    const awkward = ["", "a b", "--", "-x", "'\"$(exit 3)`", "ü\n"];
    const script =
      "for a; do printf '<%s>' \"$a\"; done; id -u; pwd; grep CapEff /proc/self/status; grep -c shared: /proc/self/mountinfo";
    const run = copyupAs({ cwd: "/proc/self" }, ["--quiet", "unshare", "--", "sh", "-c", script, "sh", ...awkward]);
    expect(run.stderr).toBe("");
    const [arguments_, ...rest] = run.stdout.split("0\n");
    expect(arguments_).toBe(awkward.map((word) => `<${word}>`).join(""));
    expect(rest.join("0\n")).toMatch(/^\/proc\/\d+\nCapEff:\s+0*1?[f]+\n/);
    expect(run.status).toBe(1);
  });

  it("leaves no process, descriptor or variable of its own", () => {
    const script = "ls /proc/self/fd | wc -l; ps --no-headers --ppid $$ -o comm; env | sort";
    const plain = runAs({}, ["sh", "-c", script]);
    const inside = copyupAs({}, ["--quiet", "unshare", "--", "sh", "-c", script]);
    expect(inside.stderr).toBe("");
    expect(inside.stdout).toBe(plain.stdout);
  });

  it.each([
    ["its status", "exit 7", { status: 7, signal: null }],
    ["the signal that ended it", "kill -TERM $$", { status: null, signal: "SIGTERM" }],
    ["a broken pipe, which Node ignores", "kill -PIPE $$", { status: null, signal: "SIGPIPE" }],
  ])("passes on %s", (_, script, expected) => {
    const { status, signal } = copyupAs({}, ["--quiet", "unshare", "--", "sh", "-c", script]);
    expect({ status, signal }).toEqual(expected);
  });

  it("is the command: a signal reaches it", async () => {
    const child = startCopyupAs({}, [
      "--quiet",
      "unshare",
      "--",
      "sh",
      "-c",
      "trap 'echo caught; exit 5' USR1; echo ready; while :; do sleep 0.1; done",
    ]);
    let out = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (out === "ready\n") child.kill("SIGUSR1");
    });
    const [status] = await once(child, "close");
    expect([status, out]).toEqual([5, "ready\ncaught\n"]);
  });

  it.each([
    ["127 for a program that is not there", ["no-such-program"], 127, "no such program"],
    ["126 for one that cannot be run", ["/etc/passwd"], 126, "EACCES"],
    ["126 for a directory", ["/etc"], 126, "EACCES"],
    ["127 for a path that is not there", ["/no/such"], 127, "/no/such"],
  ])("ends with %s", (_, command, status, said) => {
    const run = copyupAs({}, ["--quiet", "unshare", "--", ...command]);
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(said);
  });

  it("works inside itself", () => {
    const nested = ["--quiet", "unshare", "--", "copyup", "--quiet", "unshare", "--", "id", "-u"];
    const run = copyupAs(USER_WITH_RANGES, nested);
    expect([run.stdout, run.stderr]).toEqual(["0\n", ""]);
  });

  it("takes the shell where no command is named", () => {
    const run = copyupAs({ env: { SHELL: "/usr/bin/whoami" } }, ["--quiet", "unshare"]);
    expect([run.stdout, run.status]).toEqual(["root\n", 0]);
  });

  it("says what forbids it: no namespaces left, and the kernel's switch", () => {
    // In a namespace whose limit is 0; the switch that is read is the same.
    const script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
    const inner = [process.execPath, MAIN, "unshare", "--", "id"];
    const run = copyupAs({}, ["--quiet", "unshare", "--", "sh", "-c", script, "sh", ...inner]);
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(
      /^copyup: NEEDS_NAMESPACE: no user namespace was given: .*No space left on device \(user.max_user_namespaces is 0\)\n/,
    );
    expect(run.stderr).toContain("sysctl -w user.max_user_namespaces=1000");
  });

  it("keeps the user's own store as the default", () => {
    const home = temporaryDirectory();
    chownSync(home, 65534, 65534);
    const env = { HOME: home, XDG_DATA_HOME: "" };
    const copyup = (...args: string[]) => copyupAs({ env }, ["--quiet", "unshare", "--", "copyup", ...args]);
    const id = copyup("layer", "create").stdout.trim();
    expect(readdirSync(path.join(home, ".local/share/copyup/layers"))).toEqual([id]);
  });
});
