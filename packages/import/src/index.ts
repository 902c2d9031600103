export type { Engine } from "./engines/engine.ts";
export { engines } from "./engines/engines.ts";
export { importFrom, readOldGraph } from "./import-from.ts";
export type { DamagedLayer, LeftOut, OldGraph, OldLayer, OverlayWriter, Role, Writing } from "./old-graph.ts";
export type { FailedLayer, ImportedLayer, ImportOptions, ImportReport } from "./transfer/import-contract.ts";
