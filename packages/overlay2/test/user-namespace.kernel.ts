import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { carryOut, unmount } from "@copyup/linux";
import { expect, it } from "vitest";
import { closedToOthers } from "../../../tools/closed-to-others.ts";
import { planChain } from "../src/plan.ts";
import { layerAt } from "./layers.ts";
import { scratchForEachTest } from "./scratch.ts";

const scratch = scratchForEachTest();

it("an ordinary user's layers are written in a user namespace and can be viewed by root", ({ skip }) => {
  const closed = closedToOthers();
  skip(closed !== null, closed ?? "");
  const store = scratch.directory("store");
  chmodSync(scratch.path, 0o755);
  chownSync(store, 1000, 1000);
  const child = fileURLToPath(new URL("user-namespace-child.ts", import.meta.url));
  const user = ["--reuid=1000", "--regid=1000", "--clear-groups", "unshare", "-Urm"];
  const run = spawnSync("setpriv", [...user, process.execPath, "--conditions=@copyup/source", child, store], {
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  expect(JSON.parse(run.stdout)).toEqual({
    dialect: "overlay-user",
    options: ["userxattr", "index=off", "metacopy=off", "redirect_dir=nofollow"],
    busy: [true, false],
    whiteout: [true, 0],
    opaque: expect.arrayContaining(["user.overlay.opaque"]),
    view: [["d"], ["new"]],
    work: [],
  });
  const chain = ["child", "base"].map((id) => layerAt(`${store}/layers/${id}/body`, { dialect: "overlay-user" }));
  const target = scratch.directory("target");
  carryOut(planChain(chain, "ro", { xino: null }), target);
  expect([readdirSync(target), readdirSync(`${target}/d`)]).toEqual([["d"], ["new"]]);
  unmount(target);
});
