/** Added to the common style by pages with charts: a colour for each role that people tell apart who do not see all colours. */
export const CHART_COLOURS = `
:root { --limit: #7d8894; --ours: #2b6cb0; --command: #7b4fa3; --peer: #c77b30; }
@media (prefers-color-scheme: dark) { :root { --limit: #8794a1; --ours: #5b9fe0; --command: #b48bdb; --peer: #dc9a52; } }`;

/** For lines side by side: ten that differ in lightness, too. */
const LINES_LIGHT = "#2b6cb0 #c0561f #2f855a #7b4fa3 #b7791f #0f7f8f #b83280 #5a6b1f #8b5e3c #1a365d".split(" ");
const LINES_DARK = "#63a9ee #f09458 #5cc48d #bb93e3 #e3b341 #4cc3d4 #ee7fbf #aabf5a #c99b78 #a9c3ec".split(" ");
const lineColours = (colours: readonly string[]) =>
  colours.map((colour, i) => `.line-${i} { color: ${colour}; }`).join(" ");

export const CHART_STYLE = `${CHART_COLOURS}
svg.chart { height: auto; max-width: 46rem; overflow: visible; margin: .5rem 0 .8rem; }
.limit { fill: var(--limit); } .ours { fill: var(--ours); } .command { fill: var(--command); } .peer { fill: var(--peer); }
.start-up { fill: var(--paper); fill-opacity: .55; }
.whisker line { stroke: var(--ink); stroke-width: 1.2; } .limit-line { stroke: var(--ink); stroke-dasharray: 3 3; stroke-opacity: .55; }
svg.chart text, .panel text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--line); } .line line { stroke: currentColor; stroke-width: 2; } .line line.spread { stroke-width: 1.2; stroke-opacity: .7; }
.line .point { fill: currentColor; stroke: var(--paper); stroke-width: 1; } .line .point.hollow { fill: var(--paper); stroke: currentColor; stroke-width: 2; }
.line-limit { color: var(--limit); } .line-limit line { stroke-dasharray: 6 4; } .line-limit line.spread { stroke-dasharray: none; }
${lineColours(LINES_LIGHT)}
@media (prefers-color-scheme: dark) { ${lineColours(LINES_DARK)} }
.sample { display: inline-flex; align-items: center; gap: .4rem; } .sample svg { margin: 0; }
.workload { margin: 0 0 2.4rem; } .workload h3 { font-size: 1.05rem; } .workload h3 code { color: var(--soft); font-weight: 400; margin-right: .4rem; }
.figures { width: auto; } .figures th, .figures td { padding: .25rem 1.1rem .25rem 0; white-space: nowrap; } .figures .asked { font-weight: 600; }
.figures td.absent { white-space: normal; min-width: 16rem; } .figures .spread { color: var(--soft); font-size: .92em; }
.figures td:first-child { position: sticky; left: 0; background: var(--paper); }
details { margin: .4rem 0; } summary { cursor: pointer; }
@media print { .workload { break-inside: avoid; } svg.chart rect { print-color-adjust: exact; } }
`;
