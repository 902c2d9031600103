import { mkdirSync } from "node:fs";
import type { Directory, DriverModule, Host, Profile } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";
import type { Evidence } from "../runner-contract.ts";
import { equal, errno, ok, rejects } from "./assertions.ts";
import { startChild } from "./children.ts";
import { type OpenScenario, openScenario } from "./open-scenario.ts";
import { recordedDriver, recordedStore } from "./recorded-store.ts";
import type { Scenario } from "./scenario.ts";
import { SkipCheck } from "./skip.ts";
import { brief } from "./source-text.ts";
import type { Child, SpawnOptions, Trial } from "./trial.ts";
import { TrialLog } from "./trial-log.ts";

/** Of the differential checks: enough to meet each operation in most states, few enough for every commit. */
const DEFAULT_RUNS = 200;

export interface TrialSetting {
  readonly driver: DriverModule;
  readonly profile: Profile;
  readonly host: Host;
  readonly directory: Directory;
  readonly scratch: string;
  readonly seed: number;
  readonly runs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A trial the runner can end: whatever the check left open is closed, and what could not be is told. */
export class OpenTrial implements Trial {
  readonly driver: DriverModule;
  readonly profile: Profile;
  readonly host: Host;
  readonly directory: Directory;
  readonly scratch: string;
  /** The roots of the stores it opened, for the search for what they left. */
  readonly storeRoots = new Set<string>();
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly attached: Evidence[] = [];
  readonly log = new TrialLog();
  seedUsed = false;
  readonly ok: Trial["ok"] = ok;
  readonly equal = equal;
  readonly rejects = rejects;
  readonly errno = errno;
  readonly #seed: number;
  readonly #over = new AbortController();
  readonly #stores: LayerStore[] = [];
  readonly #scenarios: OpenScenario[] = [];
  readonly #children: Child[] = [];
  #store: Promise<LayerStore> | null = null;
  #directories = 0;
  #closed = false;

  constructor(setting: TrialSetting) {
    this.driver = setting.driver;
    this.profile = setting.profile;
    this.host = setting.host;
    this.directory = setting.directory;
    this.scratch = setting.scratch;
    this.#seed = setting.seed;
    this.runs = setting.runs ?? DEFAULT_RUNS;
    this.signal = AbortSignal.any([this.#over.signal, ...(setting.signal ? [setting.signal] : [])]);
  }

  get seed(): number {
    this.seedUsed = true;
    return this.#seed;
  }

  store(): Promise<LayerStore> {
    this.#store ??= this.openStore("store");
    return this.#store;
  }

  /** What a check that was given up tries afterwards would be left behind. */
  #open(): void {
    if (this.#closed) throw new Error("the check was ended before");
  }

  async openStore(name: string): Promise<LayerStore> {
    this.#open();
    const root = `${this.scratch}/${name}`;
    this.storeRoots.add(root);
    const driver = recordedDriver(this.driver, this.log);
    const store = await openStore({ root, driver, host: this.host, create: true, signal: this.signal });
    this.#stores.push(store);
    if (this.#closed) await store[Symbol.asyncDispose]();
    this.log.step(() => `opened a store at ${root}`);
    return recordedStore(store, name, this.log);
  }

  directoryFor(name: string): string {
    this.#open();
    const path = `${this.scratch}/${name}-${++this.#directories}`;
    mkdirSync(path);
    return path;
  }

  async scenario(build: (root: string) => void): Promise<Scenario> {
    const scenario = await openScenario(
      { store: await this.store(), directory: this.directoryFor("scenario"), log: this.log, profile: this.profile },
      build,
      (open) => this.#scenarios.push(open),
    );
    // Before the first edit, so that a failed import is not taken for a failed edit.
    scenario.compare();
    return scenario;
  }

  attach(title: string, text: string): void {
    this.attached.push({ title, text });
  }

  skip(reason: string): never {
    throw new SkipCheck(reason);
  }

  async spawn(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Child> {
    this.#open();
    this.log.step(
      () =>
        `started ${[command, ...args].map((word) => brief(word)).join(" ")}${options.uid === undefined ? "" : ` as uid ${options.uid}`}`,
    );
    const child = await startChild(command, args, options);
    this.#children.push(child);
    if (this.#closed) await child.kill();
    return child;
  }

  /** Gives the problems, one a line. */
  async close(): Promise<string[]> {
    this.#closed = true;
    this.#over.abort(new Error("the check was ended before"));
    const problems: string[] = [];
    const attempt = async (what: string, act: () => Promise<unknown> | undefined) => {
      try {
        await act();
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    for (const child of this.#children) await attempt("ending a child", () => child.kill());
    for (const scenario of this.#scenarios) await attempt("unmounting the scenario", () => scenario.close());
    for (const store of this.#stores.reverse())
      await attempt("closing a store", async () => store[Symbol.asyncDispose]());
    return problems;
  }
}
