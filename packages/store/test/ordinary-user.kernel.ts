import { execFileSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { closedToOthers } from "../../../tools/closed-to-others.ts";
import { runChild } from "./children/run-child.ts";
import { plant } from "./ground.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();
const NOBODY = 65534;

it("an ordinary user works in the layers' own directories, and is told so", async ({ skip }) => {
  const closed = closedToOthers();
  skip(closed !== null, closed ?? "");
  chmodSync(scratch.path, 0o755);
  const home = scratch.directory("home");
  scratch.directory("home/target");
  plant(scratch.directory("tree"), { f: "x" });
  chownSync(path.join(scratch.path, "tree/f"), 12, 34);
  execFileSync("tar", ["-C", path.join(scratch.path, "tree"), "-cf", path.join(home, "owned.tar"), "f"]);
  chownSync(home, NOBODY, NOBODY);
  const child = runChild("ordinary-user.ts", [home], { uid: NOBODY });
  const report: unknown = JSON.parse(await child.line());
  await child.done();
  expect(report).toEqual({
    mounted: false,
    isItsDirectory: true,
    states: [{ state: "mounted", here: true }],
    atTarget: { code: "NEEDS_PRIVILEGE", hint: expect.stringContaining("root") },
    atBadTarget: { code: "BAD_TARGET", hint: expect.any(String) },
    commitWhileHeld: { code: "LAYER_IN_USE", hint: expect.any(String) },
    view: "x",
    mode: "ro",
    owned: { code: "NOT_REPRESENTABLE", hint: expect.stringContaining("lossy") },
    lost: expect.any(Number),
    lostInRecord: expect.any(Number),
    child: "active",
    problems: [],
  });
});
