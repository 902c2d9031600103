import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isStorageError, type MountMode } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { mountGround } from "../mounts/ground.ts";

export const upperOrLower: Check = {
  id: "LA10",
  title: "no layer is upper and lower at once",
  cites: [
    "xfstests overlay/065",
    "the kernel accepts an upper inside a lower (measured)",
    "house rules: no layer is an upper while it is anyone's lower",
  ],
  async run(trial: Trial) {
    const { store, base, id } = await mountGround(trial);
    await trial.rejects(store.prepare({ parent: id }), "NOT_COMMITTED", "an active layer on an active one");
    await trial.rejects(store.apply([tarOf("x=1")], { parent: id }), "NOT_COMMITTED", "an archive on an active layer");
    await trial.rejects(store.mount(base.id, { mode: "rw" }), "NOT_ACTIVE", "a committed layer mounted writable");
    await trial.rejects(store.active(base.id), "NOT_ACTIVE", "taking hold of a committed layer");
    await trial.rejects(store.commit(base.id), "NOT_ACTIVE", "committing again");
    for (const step of (await store.explain(id, "rw")).steps) {
      if (step.type !== "overlay" || step.upper === null || step.work === null) continue;
      const inside = (a: string, b: string) => a === b || a.startsWith(`${b}/`);
      const writable = [step.upper, step.work];
      const clashes = step.lowers.filter((lower) => writable.some((at) => inside(at, lower) || inside(lower, at)));
      trial.equal(clashes, [], "lowers that contain or lie in the upper or work directory");
      trial.ok(!inside(step.upper, step.work) && !inside(step.work, step.upper), "upper and work are apart");
      trial.equal(new Set(step.lowers).size, step.lowers.length, "lowers, each once");
    }
    for (const modes of [
      ["rw", "ro"],
      ["ro", "rw"],
    ] as const)
      await mountBothWays(trial, store, id, modes);
    trial.equal(
      (await store.list()).map((layer) => layer.state),
      ["committed", "active"],
      "layers at the end",
    );
  },
};

/** A writable mount and a view of one active layer are one filesystem, or the second is refused. */
async function mountBothWays(
  trial: Trial,
  store: LayerStore,
  id: string,
  modes: readonly [MountMode, MountMode],
): Promise<void> {
  const order = modes.join(", then ");
  const first = await store.mount(id, { mode: modes[0] });
  if (first.mounted) await trial.rejects(store.commit(id), "LAYER_IN_USE", `committing a layer mounted ${modes[0]}`);
  const second = await store.mount(id, { mode: modes[1] }).catch((error: unknown) => {
    if (isStorageError(error, "LAYER_IN_USE")) return null;
    throw error;
  });
  if (second !== null) {
    const [writable, view] = first.mode === "rw" ? [first, second] : [second, first];
    const [here, there] = [lstatSync(writable.path), lstatSync(view.path)];
    trial.equal([there.dev, there.ino], [here.dev, here.ino], `device and inode of the two roots (${order})`);
    writeFileSync(path.join(writable.path, `after-${modes[0]}`), "");
    trial.ok(readdirSync(view.path).includes(`after-${modes[0]}`), `what is written is seen in the view (${order})`);
    if (view.mounted)
      trial.equal(
        trial.errno(() => writeFileSync(path.join(view.path, "f"), "")),
        "EROFS",
        `writing to the view (${order})`,
      );
    await second.unmount();
  }
  await first.unmount();
}
