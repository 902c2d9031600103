import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { closedToOthers } from "../../../../tools/closed-to-others.ts";
import { copyup, temporaryDirectory } from "../command.ts";

interface Page {
  directory: { path: string };
  drivers: { driver: string; works: boolean; families: { promises: object[]; disclaims: { check: string }[] }[] }[];
}

describe("conform --profile", () => {
  test("tells of a working driver what it promises and disclaims, as data and as text", () => {
    const work = temporaryDirectory();
    const data = copyup(["conform", "--profile", "plain-copy", "--work", work, "--json"]);
    expect(data.stderr).toBe("");
    expect(data.status).toBe(0);
    const [page] = JSON.parse(data.stdout) as Page[];
    expect(page?.directory.path.startsWith(work) || page?.directory.path.startsWith("/")).toBe(true);
    const families = page?.drivers[0]?.families ?? [];
    const promised = families.reduce((sum, family) => sum + family.promises.length, 0);
    expect(promised).toBeGreaterThan(150);
    expect(families.flatMap((family) => family.disclaims.map(({ check }) => check))).toContain("CU31");
    const text = copyup(["conform", "--profile", "plain-copy", "--work", work], { env: { COLUMNS: "60" } });
    expect(text.stdout.replaceAll(/\s+/g, " ")).toContain(`plain-copy promises to do ${promised} of `);
    expect(text.stdout).toMatch(/^ {2}CU31 /m);
    expect(text.stdout).toContain("flag-dropped");
  });

  test("--verbose names every promise", () => {
    const args = ["conform", "--profile", "plain-copy", "--work", temporaryDirectory()];
    expect(copyup(args).stdout).not.toMatch(/^ {2}WH01 /m);
    expect(copyup([...args, "--verbose"]).stdout).toMatch(/^ {2}WH01 /m);
  });

  test("an unknown driver is BAD_OPTION", () => {
    const { status, stderr } = copyup(["conform", "--profile", "zfs"]);
    expect(status).toBe(1);
    expect(stderr).toContain("copyup: BAD_OPTION:");
  });

  test("a driver that does not work here shows its probe's evidence, exit 3", ({ skip }) => {
    const closed = closedToOthers();
    skip(closed !== null, closed ?? "");
    const work = temporaryDirectory();
    chmodSync(work, 0o777);
    const user = process.geteuid?.() === 0 ? { uid: 65534, env: { HOME: work } } : {};
    const { status, stdout } = copyup(["conform", "--profile", "overlay2", "--work", work], user);
    expect(status).toBe(3);
    expect(stdout).toContain("overlay2 does not work here");
    expect(stdout).toContain("NO privilege: uid");
  });
});
