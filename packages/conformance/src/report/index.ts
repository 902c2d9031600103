export { cellName, kernelName, whoRan } from "./cell-name.ts";
export { compact } from "./compact.ts";
export { countStatuses } from "./count-statuses.ts";
export { type ChecksSection, checksSection } from "./html/checks-section.ts";
export { columnsOf } from "./html/columns.ts";
export { FILTER_SCRIPT } from "./html/filters.ts";
export { html, Markup } from "./html/markup.ts";
export { MATRIX_STYLE } from "./html/matrix-style.ts";
export { htmlPage } from "./html/page.ts";
export { PALETTE, STYLE } from "./html/style.ts";
export { jsonl, jsonlLine } from "./jsonl.ts";
export { junit } from "./junit.ts";
export {
  type KernelDifference,
  type KernelDifferences,
  kernelDifferences,
  type OnKernel,
} from "./kernel-differences.ts";
export { aboutCells, kernelTable, markdown } from "./markdown.ts";
export { readCells } from "./read-cells.ts";
export { TapWriter, tap } from "./tap.ts";
