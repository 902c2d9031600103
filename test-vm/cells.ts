import type { Kernel } from "./kernels/kernel.ts";
import type { GuestFilesystem, Request } from "./request.ts";

/** The suite with one driver on one filesystem of one kernel. */
export interface Cell {
  readonly kernel: Kernel;
  readonly filesystem: GuestFilesystem;
  readonly driver: string;
  /** Only the checks that rest on the filesystem. */
  readonly filesystemRows: boolean;
}

/** In the matrix, however it is narrowed: so a cell is run anew as it was before. */
const WHOLE_SUITE_ON = "ext4";

/** Kernel by kernel, so that a first answer about each comes early. */
export function cellsOf(request: Request, kernels: readonly Kernel[]): Cell[] {
  return kernels.flatMap((kernel) =>
    request.filesystems.flatMap((filesystem) =>
      driversOn(kernel, request).map((driver) => {
        return { kernel, filesystem, driver, filesystemRows: request.matrix && filesystem !== WHOLE_SUITE_ON };
      }),
    ),
  );
}

function driversOn(kernel: Kernel, { drivers, matrix }: Request): readonly string[] {
  if (drivers !== undefined) return drivers;
  if (!matrix) return ["overlay2", "plain-copy"];
  return kernel.package === null ? ["aufs"] : ["overlay2", "plain-copy", "fuse-overlayfs"];
}

/** What one guest runs: a whole suite, or the rows of several filesystems, which are short. */
export function guestsOf(cells: readonly Cell[]): Cell[][] {
  const groups = Map.groupBy(cells, (cell) =>
    [cell.kernel.name, cell.driver, cell.filesystemRows ? "rows" : cell.filesystem].join(" "),
  );
  return [...groups.values()];
}

export function cellName({ kernel, filesystem, driver }: Cell): string {
  return `${kernel.name} ${filesystem} ${driver}`;
}

/** The command that a person would give in the guest. */
export function commandOf(cell: Cell, request: Request): string {
  const words = [
    ...["node", "/opt/copyup/dist/main.cjs", "conform", cell.driver, "--work", `/mnt/${cell.filesystem}`],
    ...(cell.filesystemRows ? ["--filesystem-rows"] : []),
    ...request.only.flatMap((only) => ["--only", only]),
    ...request.require.filter((driver) => driver === cell.driver).flatMap((driver) => ["--require", driver]),
    ...(request.heavy ? ["--heavy"] : []),
    ...(request.runs === undefined ? [] : ["--runs", String(request.runs)]),
    ...(request.seed === undefined ? [] : ["--seed", String(request.seed)]),
    ...["--format", "jsonl"],
  ];
  return words.map(quote).join(" ");
}

/**
 * What the command would do for itself, by starting itself a second time: some seconds under emulation, where unshare(1)
 * takes none.
 */
const OWN_NAMESPACE = "COPYUP_PRIVATE_NAMESPACE=1 unshare -m --propagation private --";

/**
 * The script that the guest runs: for each cell its command, then the record it wrote. Without the filesystem the command would
 * work in what lies below the mount point. Descriptor 3 is the result port.
 */
export function jobOf(cells: readonly Cell[], request: Request): string {
  const parts = cells.map((cell, i) => {
    const directory = `/run/cells/${i}`;
    const { filesystem } = cell;
    return `echo "{\\"type\\":\\"cell\\",\\"at\\":${i},\\"release\\":\\"$(uname -r)\\"}" >&3
if grep -q " /mnt/${filesystem} ${filesystem} " "\${MOUNTS:-/proc/mounts}"; then
${OWN_NAMESPACE} \\
${commandOf(cell, request)} --results ${directory} >&3
status=$?
cat ${directory}/*.json >&3
else
status=3
echo '{"type":"cannot","why":"this kernel cannot mount ${filesystem}"}' >&3
fi
echo "{\\"type\\":\\"cell-end\\",\\"at\\":${i},\\"status\\":$status}" >&3
`;
  });
  return `${parts.join("")}exit $status\n`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
