import { readdirSync } from "node:fs";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { textOfRound } from "../../child/programs/repeat-verb.ts";
import type { Trial } from "../../trial/trial.ts";
import { killAtRandom, lookAround } from "./kill-at-random.ts";

const HOUSE = "house rules: build in staging, sync, rename; no derived state";

export const killedLabels: Check = {
  id: "KL06",
  title: "kill -9 while a layer's record is rewritten: it is the old one or the new one, and whole",
  cites: ["podman#5986, podman#12337: a torn layers.json, and no image works", HOUSE],
  needs: ["own-process"],
  async run(trial: Trial) {
    const root = `${trial.scratch}/crashed`;
    {
      await using store = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
      await (await store.prepare({ id: "base" })).commit({
        durability: "none",
        labels: { round: "0", text: textOfRound(0) },
      });
    }
    await killAtRandom(trial, {
      root,
      verb: "label",
      async look(store, acknowledged) {
        const { labels } = await store.get("base");
        const round = Number(labels.round);
        trial.ok(round >= acknowledged - 1, `the record is of round ${round}, ${acknowledged} were told of`);
        trial.equal(labels.text, textOfRound(round), "both labels are of one round");
        await store.setLabels("base", { round: "0", text: null });
        await store.setLabels("base", { text: textOfRound(0) });
        trial.equal(readdirSync(`${root}/layers`), ["base"], "layers");
      },
    });
  },
};

export const killedMaking: Check = {
  id: "KL07",
  title: "kill -9 while a store is made: it is none yet, or a whole one, and can be opened",
  cites: ["containers-storage: a store with half of its directories", HOUSE],
  needs: ["own-process"],
  async run(trial: Trial) {
    const home = trial.directoryFor("stores");
    const root = `${home}/store`;
    {
      await using _ = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
    }
    let looked = 0;
    await killAtRandom(trial, {
      root,
      verb: "make",
      async look() {
        const found = readdirSync(home).filter((name) => name !== "store");
        // All but the last of each process were told of.
        for (const name of found.slice(-3)) {
          {
            await using store = await openStore({ root: `${home}/${name}`, driver: trial.driver, create: true });
            await (await store.prepare({ id: "first" })).commit({ durability: "none" });
          }
          await lookAround(trial, `${home}/${name}`, `in ${name}`, async (store) => {
            trial.equal((await store.list()).length, 1, "layers in a store that is opened again");
            await store.remove("first");
          });
          looked++;
        }
      },
    });
    trial.ok(looked > 0, "some store was made and looked at");
  },
};
