import type { Check } from "../../check.ts";
import { programsLimitMs, runPrograms } from "../../random/run-programs.ts";

/** RD02 */
export const exportsOfPrograms: Check = {
  id: "RD02",
  title:
    "random programs: each layer's archive is that of two plain directories byte for byte; applied, it gives the layer",
  restsOn: ["xattrs", "times", "inodes", "names", "rename"],
  cites: ["layers.md: an exported layer is a function of two views", "house rule 7: same views, same bytes"],
  limitMs: programsLimitMs,
  run: (trial) => runPrograms(trial, { runs: trial.runs, exports: true, unsayable: false }),
};

/** RD03. Fewer: only what is refused is new. */
export const unsayableNames: Check = {
  id: "RD03",
  title:
    "random programs: names and devices that no layer can say are refused by name at the diff, and nothing else is",
  restsOn: ["names", "special"],
  cites: ["layers.md rule 7", "OCI image-spec layer.md, whiteouts: .wh. is reserved"],
  limitMs: programsLimitMs,
  run: (trial) => runPrograms(trial, { runs: Math.ceil(trial.runs / 4), exports: true, unsayable: true }),
};
