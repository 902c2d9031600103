import type { DriverModule, Layer, StorageDriver, StoreDirectories } from "@copyup/core";

/** A driver with one fault, and the checks that must catch it. The driver it is made from passes them. */
export interface BrokenDriver {
  /** What is wrong with it, as its author might have overlooked it. */
  readonly fault: string;
  readonly module: DriverModule;
  readonly from: DriverModule;
  readonly caughtBy: readonly string[];
  /** Part of the reason each of them gives. */
  readonly reason?: RegExp;
}

type Fault = (sound: StorageDriver, directories: StoreDirectories) => Partial<StorageDriver>;

/** The driver with some of its methods replaced. The replacements may call the sound ones. */
export function withFault(from: DriverModule, fault: Fault): DriverModule {
  return {
    ...from,
    // Another process would load the sound one.
    url: undefined,
    async open(directories, options) {
      const sound = await from.open(directories, options);
      const replaced = fault(sound, directories);
      return new Proxy(sound, {
        get(target, key) {
          const own = replaced[key as keyof StorageDriver];
          if (own !== undefined) return own;
          const value = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

/** Damages what `create` laid out, or (overlay) what was written until the commit. */
export function damagingCreate(from: DriverModule, damage: (dir: string, parent: Layer | null) => void): DriverModule {
  return withFault(from, (sound) => ({
    async create(body, parent, options) {
      await sound.create(body, parent, options);
      if (!options.receive) damage(sound.access(asStaged(sound, body.dir, parent)).dir, parent);
    },
  }));
}

export function damagingSeal(
  from: DriverModule,
  damage: (dir: string, layer: Layer, sound: StorageDriver) => void,
): DriverModule {
  return withFault(from, (sound) => ({
    async seal(layer) {
      damage(sound.access(layer).dir, layer, sound);
      await sound.seal?.(layer);
    },
  }));
}

/** The layer a staged body is going to be, as far as `access` looks at it. */
function asStaged(driver: StorageDriver, body: string, parent: Layer | null): Layer {
  return {
    id: "staged",
    parent: parent?.id ?? null,
    state: "active",
    driver: driver.name,
    bodyFormat: driver.bodyFormat,
    dialect: driver.dialect,
    body,
    diffId: null,
    contentId: null,
    chainId: null,
    labels: {},
    createdAt: "1970-01-01T00:00:00Z",
    lost: {},
  };
}
