import { type DriverModule, isStorageError, renderShell, type StorageDriver } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import { brief, indented } from "./source-text.ts";
import type { TrialLog } from "./trial-log.ts";

/** The driver, with every plan it draws up noted. */
export function recordedDriver(driver: DriverModule, log: TrialLog): DriverModule {
  return {
    ...driver,
    async open(directories, options) {
      const opened = await driver.open(directories, options);
      return new Proxy(opened, {
        get(target, key) {
          const value = Reflect.get(target, key, target);
          if (typeof value !== "function") return value;
          if (key !== "plan") return value.bind(target);
          return (...[chain, mode]: Parameters<StorageDriver["plan"]>) => {
            const plan = target.plan(chain, mode);
            if (chain[0]) log.planned(chain[0].id, mode, plan);
            return plan;
          };
        },
      });
    },
  };
}

/** Methods whose results are worked with further: layers and mounts. */
const WRAPPED = ["prepare", "active", "mount", "view"];

/** The store, with every call and its outcome noted; so too those of the layers and mounts it gives. */
export function recordedStore(store: LayerStore, name: string, log: TrialLog): LayerStore {
  return recorded(store, name, log);
}

function recorded<T extends object>(object: T, name: string, log: TrialLog): T {
  return new Proxy(object, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      // What is asked for, not done: it would drown the steps.
      if (QUIET.has(key)) return value.bind(target);
      const called = typeof key === "symbol" ? `${name}[${key.description}]` : `${name}.${key}`;
      return (...args: unknown[]) => {
        const call: Call = { called, args };
        log.step(() => tellCall(call));
        const result: unknown = value.apply(target, args);
        return result instanceof Promise ? result.then(done(call, String(key), log), failed(call)) : result;
      };
    },
  });
}

const QUIET = new Set<string | symbol>(["access", "get"]);

interface Call {
  readonly called: string;
  readonly args: readonly unknown[];
  outcome?: string;
}

function tellCall({ called, args, outcome }: Call): string {
  return `${called}(${args.map(brief).join(", ")})${outcome ?? ""}`;
}

function done(call: Call, method: string, log: TrialLog): (value: unknown) => unknown {
  return (value) => {
    const given = value as { id?: string; path?: string; mode?: string; layer?: { id: string } } | undefined;
    const id = given?.id ?? given?.layer?.id;
    if (id !== undefined) call.outcome = ` → ${id}`;
    if (given?.path !== undefined && given.mode !== undefined && id !== undefined) {
      const { path, mode } = given;
      const plan = log.planOf(id, mode);
      call.outcome = ` → ${path}${plan ? `\n${indented(renderShell(plan, path))}` : ""}`;
      log.mounted(path);
    }
    return WRAPPED.includes(method) && given !== undefined
      ? recorded(given, method === "prepare" || method === "active" ? "layer" : "mounted", log)
      : value;
  };
}

function failed(call: Call): (error: unknown) => never {
  return (error) => {
    call.outcome = ` → refused: ${isStorageError(error) ? `${error.code}: ${error.message}` : String(error)}`;
    throw error;
  };
}
