import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { copyTree, layerRootLike, newLayerRoot } from "@copyup/archive";
import {
  type BodyOptions,
  type Deviation,
  type Directory,
  DRIVER_API_VERSION,
  type DriverModule,
  type Finding,
  type Host,
  type Layer,
  type StagedBody,
  type StorageDriver,
  StorageError,
} from "@copyup/core";
import { AT_FDCWD, describeHost, mkdirAt, openDirectoryAt, withFd } from "@copyup/linux";

const NAME = "full-tree";

const DEVIATIONS: readonly Deviation[] = [
  { check: "CU31", outcome: "flag-dropped", because: "a copy carries no inode flags over, as cp -a does not" },
  { check: "CU42", outcome: "flag-dropped", because: "a copy carries no inode flags over, neither noatime nor sync" },
  { check: "UM28", outcome: "copy-lost", because: "the copy of the parent is synced when the layer is committed" },
  { check: "SE02", outcome: "refused", because: "a bind takes CAP_SYS_ADMIN", source: "mount(2)" },
];

const treeOf = ({ body }: { body: string }) => join(body, "tree");

/** Every layer a whole tree, copied when it is made. */
export const driver: DriverModule = {
  name: NAME,
  summary: "an example outside copyup's repository: every layer is a full copy of its parent",
  bodyFormat: 1,
  apiVersion: DRIVER_API_VERSION,
  url: import.meta.url,
  probe: async (directory, host) => [privilege(host), writable(directory)],
  profile: () => ({
    driver: NAME,
    deviations: DEVIATIONS,
  }),
  async open(directories, options) {
    const [unknown] = Object.keys(options);
    if (unknown !== undefined)
      throw new StorageError({
        code: "BAD_OPTION",
        op: "open",
        driver: NAME,
        message: `${NAME} has no option ${unknown}`,
      });
    const { ok, evidence, fix } = privilege(describeHost());
    if (!ok)
      throw new StorageError({
        code: "DRIVER_UNSUPPORTED",
        op: "open",
        driver: NAME,
        message: `${NAME} cannot work at ${directories.root}: ${evidence}`,
        hint: fix ?? undefined,
      });
    const opened: StorageDriver = {
      name: NAME,
      bodyFormat: 1,
      maxParents: null,
      dialect: "tree",
      create,
      access: (layer) => ({ kind: "tree", dir: treeOf(layer), dialect: "tree" }),
      plan([head], mode) {
        if (head === undefined) throw new TypeError("a chain has at least one layer");
        return { steps: [{ type: "bind", source: treeOf(head), readonly: mode === "ro" }] };
      },
    };
    return opened;
  },
};

async function create(body: StagedBody, parent: Layer | null, options: BodyOptions): Promise<void> {
  const { receive = false, signal, onProgress } = options;
  signal?.throwIfAborted();
  const tree = treeOf({ body: body.dir });
  mkdirAt(AT_FDCWD, tree, 0o700);
  if (parent !== null && !receive) {
    await copyTree(treeOf(parent), tree, { signal, onProgress, op: "create" });
    return;
  }
  withFd(openDirectoryAt(AT_FDCWD, tree), (root) => {
    if (parent === null) newLayerRoot(root);
    else layerRootLike(root, { driver: NAME, parent, from: treeOf(parent) });
  });
}

function privilege({ euid, sysAdmin }: Host): Finding {
  return {
    feature: "privilege",
    ok: sysAdmin,
    required: true,
    kind: "prerequisite",
    evidence: `uid ${euid} ${sysAdmin ? "may" : "may not"} mount`,
    fix: sysAdmin ? null : "run it as root, or in namespaces of your own: unshare -Urm",
  };
}

function writable({ path, filesystem }: Directory): Finding {
  const finding = { feature: "writable", required: true, kind: "prerequisite" } as const;
  try {
    rmdirSync(mkdtempSync(join(path, ".copyup-trial-")));
    return { ...finding, ok: true, evidence: `a directory was made in ${path} (${filesystem})`, fix: null };
  } catch (error) {
    const evidence = `no directory can be made in ${path}: ${(error as Error).message}`;
    return { ...finding, ok: false, evidence, fix: "choose a directory this user may write" };
  }
}
