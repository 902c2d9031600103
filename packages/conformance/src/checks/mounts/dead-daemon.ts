import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { fuseMount } from "../failures/fuse-mount.ts";
import { failureOf } from "../hostile/ground.ts";
import { readTree } from "../whiteout/tree-specs.ts";
import { eventually, mountGround, mountsAt } from "./ground.ts";

export const killedDaemon: Check = {
  id: "UM16",
  title:
    "a FUSE daemon is killed: nothing is mounted over its dead mount, other mounts go on; the driver's own mount is cleared",
  cites: [
    "fuse(4): ENOTCONN once the daemon is gone (measured with fuse-overlayfs)",
    "containers/fuse-overlayfs#169: transport endpoint is not connected",
  ],
  needs: ["root", "mount", "tool:fuse-overlayfs"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    {
      await using fuse = await fuseMount(trial, trial.directoryFor("source"), target);
      await fuse.daemon.kill("SIGKILL");
      trial.equal(
        trial.errno(() => readdirSync(target)),
        "ENOTCONN",
        "listing the dead mount",
      );
      const error = await failureOf(store.mount(id, { target }));
      trial.ok(isStorageError(error), `mounting at the dead mount is refused with a StorageError, not ${error}`);
      trial.ok(`${error.message}`.includes(target), `it names the target: ${error.message}`);
      trial.equal(mountsAt(target).length, 1, "mounts at the target: the dead one");
      trial.equal(await store.mounts(), [], "mounts that the store tells of");
      trial.equal(await viewing(store, { id }, readTree), ["d/x=lower", "f=lower"], "the layer, mounted elsewhere");
      const opener = await trial.openStore("store");
      trial.equal(await viewing(opener, { id }, readTree), ["d/x=lower", "f=lower"], "and by another opener");
      unmount(target);
    }
    const mount = await store.mount(id, { target });
    writeFileSync(`${mount.path}/f`, "written");
    const own = mountsAt(target).at(-1);
    if (own && /^fuse/.test(own.type)) {
      killDaemonOf(trial, target);
      await eventually(async () =>
        trial.equal(
          trial.errno(() => readdirSync(target)),
          "ENOTCONN",
          "listing",
        ),
      );
    }
    await mount.unmount();
    trial.equal(mountsAt(target), [], "mounts at the target after the unmount");
    const again = await store.mount(id, { target });
    trial.equal(readFileSync(`${again.path}/f`, "latin1"), "written", "what was written before");
    await again.unmount();
  },
};

/** The daemon was told where to mount. */
function killDaemonOf(trial: Trial, target: string): void {
  const daemons = readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    let line = "";
    trial.errno(() => {
      line = readFileSync(`/proc/${pid}/cmdline`, "latin1");
    });
    return line.split("\0").includes(target);
  });
  trial.ok(daemons.length > 0, "a process has the mount's target on its command line");
  for (const pid of daemons) process.kill(Number(pid), "SIGKILL");
}
