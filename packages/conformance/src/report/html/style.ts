/** The colours by name, light and dark; for a picture of its own, too. */
export const PALETTE = `:root { color-scheme: light dark; --ink: #1d2329; --soft: #5b6670; --line: #d9dee3; --paper: #ffffff; --panel: #f5f7f9;
  --good: #1a7f45; --note: #8a5a00; --bad: #b3261e; --mute: #6b7680; --bar: #3b6ea5; --bar-ref: #9aa7b3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --soft: #a3afba; --line: #343c44; --paper: #14181c; --panel: #1c2228;
  --good: #58c98a; --note: #e0b050; --bad: #ff8a80; --mute: #93a0ab; --bar: #6ca5df; --bar-ref: #5d6a76; } }
`;

/** Light and dark, phone and desk and paper; no font or picture from anywhere. */
export const STYLE = `
${PALETTE}* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .2rem; }
p { margin: .3rem 0 .8rem; } .soft { color: var(--soft); } .small { font-size: .86rem; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: .9em; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); } th { font-weight: 600; color: var(--soft); font-size: .86rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } th.number { white-space: normal; }
.scroll { overflow-x: auto; } a { color: var(--bar); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: .8rem; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
.card h3 { margin-top: 0; }
.card ul { list-style: none; margin: .5rem 0 0; padding: 0; font-size: .86rem; } .card li { margin: .25rem 0; overflow-wrap: anywhere; }
.mark { font-weight: 600; white-space: nowrap; } .pass { color: var(--good); } .deviates { color: var(--note); }
.fail { color: var(--bad); } .skip { color: var(--mute); }
.filters { display: flex; flex-wrap: wrap; gap: .4rem 1rem; margin: .5rem 0 .8rem; font-size: .9rem; }
.filters label { display: inline-flex; gap: .35rem; align-items: center; }
.filters input[type=search] { font: inherit; padding: .15rem .5rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--paper); color: inherit; }
svg { display: block; width: 100%; height: auto; max-width: 38rem; margin: .2rem 0 .6rem; }
svg text { fill: currentColor; font: 13px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
footer { margin-top: 3rem; color: var(--soft); font-size: .86rem; }
@media (max-width: 34rem) { body { padding: 1rem .8rem 3rem; } }
@media print { body { max-width: none; font-size: 10pt; } .filters { display: none; } h2 { break-after: avoid; } tr, .card, svg { break-inside: avoid; } }
`;
