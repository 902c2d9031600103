export { cellName, kernelName, whoRan } from "./cell-name.ts";
export { countStatuses } from "./count-statuses.ts";
export { FILTER_SCRIPT } from "./html/filters.ts";
export { html, Markup } from "./html/markup.ts";
export { htmlPage } from "./html/page.ts";
export { STYLE } from "./html/style.ts";
export { jsonl, jsonlLine } from "./jsonl.ts";
export { junit } from "./junit.ts";
export { TapWriter, tap } from "./tap.ts";
