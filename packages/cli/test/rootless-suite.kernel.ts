import { chownSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { closedToOthers } from "../../../tools/closed-to-others.ts";
import { copyupAs, USER_WITH_RANGES, type User } from "./as-user.ts";
import { temporaryDirectory } from "./command.ts";

beforeEach(({ skip }) => {
  const closed = closedToOthers();
  skip(closed !== null, closed ?? "");
});

/** Runs `copyup ARGS` as the user, who may write where it works. */
function conform(user: User, args: readonly string[], inside: readonly string[] = []) {
  const work = temporaryDirectory();
  chownSync(work, user.uid ?? 65_534, user.uid ?? 65_534);
  const results = path.join(work, "results.jsonl");
  const run = copyupAs(user, [...inside, "conform", ...args, "--seed", "1", "--work", work, "--out", results]);
  const lines = readFileSync(results, "utf8").trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line) as { driver: string; id: string; status: string; reason?: string });
  return { ...run, told, status: (id: string) => told.filter((one) => one.id === id).map((one) => one.status) };
}

const IN_NAMESPACE = ["--quiet", "unshare", "--", "copyup"];
const SOME = ["--only", "CU07,CU25,CU34,CU45,WH01,WH04,MT15,SE01,SE02,UM07,UM15"];

describe("the suite in a user namespace", () => {
  it("runs on overlay2 and plain-copy with one id: nothing fails, and what needs other ids is skipped", () => {
    const { told, status } = conform({}, ["overlay2", "plain-copy", ...SOME], IN_NAMESPACE);
    expect(told.filter((one) => one.status === "fail")).toEqual([]);
    expect(told.filter((one) => one.status === "skip").map((one) => one.id)).toEqual(["CU34", "CU34"]);
    expect(status("CU25")).toEqual(["deviates", "pass"]);
    expect(status("CU45")).toEqual(["deviates", "pass"]);
  });

  it("runs with ranges: what needs other ids, too", () => {
    const { told, status } = conform(USER_WITH_RANGES, ["overlay2", "plain-copy", ...SOME], IN_NAMESPACE);
    expect(told.filter((one) => one.status === "fail" || one.status === "skip")).toEqual([]);
    expect(status("CU34")).toEqual(["pass", "pass"]);
  });
});

describe("an ordinary user without a namespace", () => {
  it("is told the same command in one", () => {
    const { told, stdout, status } = conform({}, ["overlay2", "--only", "WH01"]);
    expect(status("WH01")).toEqual(["skip"]);
    expect(told[0]?.reason).toContain("`copyup unshare -- COMMAND`");
    expect(stdout).toMatch(/`copyup unshare -- copyup conform overlay2 --only WH01 --seed 1 --work \S+ --out \S+`/);
    const home = temporaryDirectory();
    chownSync(home, 65_534, 65_534);
    const create = copyupAs({ env: { HOME: home } }, [
      "layer",
      "create",
      "--driver",
      "overlay2",
      "--root",
      `${home}/s`,
    ]);
    expect([create.status, create.stdout]).toEqual([3, ""]);
    expect(create.stderr).toMatch(/^copyup: NEEDS_NAMESPACE: .*uid 65534 without CAP_SYS_ADMIN\n/);
    expect(create.stderr).toContain(`\`copyup unshare -- copyup layer create --driver overlay2 --root ${home}/s\``);
  });

  it("compares a driver that needs root: nothing was checked, why, and the command that would", () => {
    const work = temporaryDirectory();
    chownSync(work, 65_534, 65_534);
    const { status, stdout } = copyupAs({ cwd: work }, ["--driver", "overlay2", "compare", "--work", work]);
    expect(status).toBe(3);
    expect(stdout).toContain("nothing was checked or measured: no driver that was asked for works here");
    expect(stdout).toContain(`\`copyup unshare -- copyup --driver overlay2 compare --work ${work}\``);
  });
});
