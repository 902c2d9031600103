import { execFileSync } from "node:child_process";
import { accessSync, closeSync, constants, copyFileSync, openSync, unlinkSync } from "node:fs";
import type { Check } from "../../check.ts";
import { giveAttributes, plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const MIB = 1 << 20;
const LETTERS = "ABCDEFGH";

export const eightProcesses: Check = {
  id: "CU28",
  title: "eight processes that write one lower file at once lose nothing",
  cites: ["xfstests overlay/021, overlay/032", "measured on 6.18"],
  needs: ["tool:dd"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", Buffer.alloc(8 * MIB, "0123456789abcdef!")));
    const base = s.baseFingerprint();
    // Each waits for the gate to open, then triggers the copy-up and writes its letter past the end.
    const script = [...LETTERS]
      .map(
        (letter, index) =>
          `( until [ -e "$2" ]; do :; done; printf ${letter} | dd of="$1" bs=1 seek=${8 * MIB + index} conv=notrunc 2>/dev/null || exit 1 ) & p="$p $!"`,
      )
      .concat(': > "$2"', "for i in $p; do wait $i || exit 1; done")
      .join("\n");
    s.edit((root) => {
      const gate = `${t.scratch}/gate`;
      execFileSync("sh", ["-c", script, "sh", `${root}/f`, gate], { stdio: "ignore" });
      unlinkSync(gate);
    });
    await expectKept(t, s, base);
  },
};

export const runningProgram: Check = {
  id: "CU29",
  title: "a running lower program cannot be opened for writing, and can be unlinked",
  cites: ["open(2), ETXTBSY", "overlayfs.rst, Non-standard behavior (c), out of date on 6.18 as measured"],
  deviations: { "text-writable": "the running program's file can be opened for writing" },
  async run(t: Trial) {
    const sleep = ["/bin/sleep", "/usr/bin/sleep"].find(
      (path) => t.errno(() => accessSync(path, constants.X_OK)) === null,
    );
    if (sleep === undefined) return t.skip("this host has no sleep program");
    const s = await t.scenario((root) => {
      copyFileSync(sleep, `${root}/sleep`);
      giveAttributes(`${root}/sleep`, { mode: 0o755 });
    });
    const base = s.baseFingerprint();
    const running = [];
    for (const root of [s.model, s.root]) running.push(await t.spawn(`${root}/sleep`, ["60"]));
    const opened = s.observe((root) => t.errno(() => closeSync(openSync(`${root}/sleep`, "r+"))));
    s.edit((root) => unlinkSync(`${root}/sleep`));
    for (const child of running) await child.kill();
    await expectKept(t, s, base);
    if (opened.model === "ETXTBSY" && opened.mount === null) return "text-writable";
    t.equal(opened.mount, opened.model, "open for writing of a running program");
    return;
  },
};
