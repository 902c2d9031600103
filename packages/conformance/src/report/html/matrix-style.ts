/** Added to the common style by pages that hold a matrix. */
export const MATRIX_STYLE = `
body.conformance { max-width: 90rem; }
:root { --good-bg: #e9f5ee; --note-bg: #fdf1d9; --bad-bg: #fbe0de; --mute-bg: #eef1f3; }
@media (prefers-color-scheme: dark) { :root { --good-bg: #16291f; --note-bg: #33290f; --bad-bg: #43201d; --mute-bg: #20272d; } }
h4 { font-size: .9rem; margin: .8rem 0 .2rem; color: var(--soft); }
.where { font-size: .9em; color: var(--soft); background: var(--mute-bg); border-radius: .3rem; padding: .05rem .4rem; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .6rem; margin: 1rem 0; }
.tile { display: block; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); color: var(--ink);
  text-decoration: none; font-size: .8rem; letter-spacing: .02em; } .tile:hover, .tile:focus-visible { border-color: currentColor; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; letter-spacing: 0; }
.tile.pass b { color: var(--good); } .tile.deviates b { color: var(--note); } .tile.skip b, .tile.none b { color: var(--mute); }
.tile.fail { background: var(--bad-bg); border-color: var(--bad); } .tile.fail b { color: var(--bad); } .tile.none { color: var(--soft); }
summary { cursor: pointer; } pre { margin: 0; padding: .5rem .7rem; max-height: 26rem; overflow: auto; background: var(--mute-bg);
  border-radius: .3rem; font: .8rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.rest > summary { padding: .3rem 0; } .failure { border: 1px solid var(--bad); border-radius: .5rem; padding: .5rem .8rem; margin: .5rem 0; background: var(--panel); }
.failure summary .reason { display: block; color: var(--soft); font-size: .86rem; overflow: hidden; max-height: 2.6em; line-height: 1.3; overflow-wrap: anywhere; }
.failure[open] summary .reason { display: none; } p.reason { overflow-wrap: anywhere; white-space: pre-line; }
.glance { width: auto; } .glance th, .glance td, .kernels td { padding: .25rem .8rem .25rem 0; } .glance th, .glance td { white-space: nowrap; font-variant-numeric: tabular-nums; } .glance .sign { padding: 0 .3rem; }
.kernels th[scope=row] { font-weight: 400; color: var(--ink); min-width: 16rem; } .kernels td { min-width: 7rem; background: none; } .kernels .short { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; max-width: 16rem; overflow-wrap: anywhere; }
form.filters { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: flex-start; padding: .6rem .8rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: .5rem; } form.filters[hidden] { display: none; }
.filters > div, .filters .words { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: center; min-width: 0; }
.filters .name { flex-basis: 100%; font-size: .76rem; color: var(--soft); } .filters input[type=search] { width: 15rem; max-width: 100%; }
.filters label { font-size: .86rem; } .filters div label { white-space: nowrap; }
.filters select, .filters button { font: inherit; font-size: .86rem; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .1rem .4rem; }
.filters p { margin: 0; align-self: flex-end; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0; } .legend i { font-style: normal; }
.sign { display: inline-block; min-width: 1.5em; text-align: center; border-radius: .2rem; }
#matrix { border-collapse: separate; border-spacing: 0; font-size: .86rem; }
#matrix [hidden] { display: none; }
#matrix thead th { position: sticky; background: var(--paper); z-index: 2; font-size: .8rem; vertical-align: bottom; text-align: center; padding: .15rem .3rem; white-space: nowrap; }
#matrix thead tr:nth-child(1) th { top: 0; height: 1.7rem; } #matrix thead tr:nth-child(2) th { top: 1.7rem; height: 1.6rem; } #matrix thead tr:nth-child(3) th { top: 3.3rem; }
#matrix thead .corner { text-align: left; left: 0; z-index: 3; }
#matrix th[scope=row] { font-weight: 400; color: var(--ink); padding: .2rem .6rem .2rem 0; background: var(--paper); font-size: .86rem; }
#matrix th[scope=row] code { color: var(--soft); margin-right: .3rem; }
#matrix tr:first-child > td { text-align: center; padding: .2rem .15rem; white-space: nowrap; }
#matrix td.pass, .sign.pass { color: var(--good); background: var(--good-bg); } #matrix td.deviates, .sign.deviates { color: var(--note); background: var(--note-bg); }
#matrix td.fail, .sign.fail { color: var(--bad); background: var(--bad-bg); font-weight: 700; } #matrix td.skip, .sign.skip { color: var(--mute); background: var(--mute-bg); }
#matrix .family th { text-align: left; padding: 1rem 0 .25rem; color: var(--ink); font-size: .95rem; } #matrix .family th > span { display: inline-block; } #matrix .family th > span::first-letter { text-transform: uppercase; }
#matrix .family small { color: var(--soft); font-weight: 400; }
#matrix .more { display: none; } #matrix .check:has(details[open]) > .more { display: table-row; }
@supports not selector(:has(a)) { #matrix .more { display: table-row; } }
#matrix .more td { padding: 0 0 .6rem; } #matrix .more p { margin: .3rem 0; overflow-wrap: anywhere; } #matrix .more > td > div { padding-left: 1.1rem; max-width: 60rem; }
.few #matrix td span { font-size: .8rem; }
.many { overflow: auto; max-height: 92vh; border: 1px solid var(--line); border-radius: .3rem; }
.many #matrix th[scope=row], .many #matrix thead .corner { position: sticky; left: 0; min-width: 20rem; max-width: 20rem; padding-left: .5rem; border-right: 1px solid var(--line); }
.many #matrix th[scope=row] { z-index: 1; } .many #matrix td { border-left: 1px solid var(--paper); min-width: 1.45rem; }
.many #matrix .driver span { writing-mode: vertical-rl; transform: rotate(180deg); } .many #matrix .kernel, .many #matrix .filesystem { border-left: 1px solid var(--line); }
.many #matrix .kernel span, .many #matrix .filesystem span { position: sticky; left: 20.5rem; }
.many #matrix .family span { position: sticky; left: .5rem; } .many #matrix .more > td > div { position: sticky; left: 0; width: min(60rem, 88vw); padding-left: 1.6rem; }
.skips { padding-left: 1.2rem; } .skips li { margin: .4rem 0; overflow-wrap: anywhere; }
.card > summary { font-size: 1rem; } .probes { display: grid; gap: .6rem; } td.none { color: var(--mute); }
table.runs td { white-space: nowrap; } table.unchecked { min-width: 34rem; } table.declared code { white-space: normal; }
:target { scroll-margin-top: 6rem; } tbody:target th { background: var(--note-bg) !important; }
@media (max-width: 44rem) { pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .few #matrix td span { display: none; } .few #matrix .driver span { writing-mode: vertical-rl; transform: rotate(180deg); }
  .many #matrix th[scope=row], .many #matrix thead .corner { min-width: 11rem; max-width: 11rem; } .many #matrix .kernel span, .many #matrix .filesystem span { left: 11.5rem; }
  .filters .words, .filters .words input, .filters .words select { width: 100%; } }
@media print { .many { overflow: visible; max-height: none; border: 0; } #matrix thead th, #matrix thead th span, .many #matrix th[scope=row], .many #matrix .corner { position: static !important; }
  form.filters { display: none; } .tiles { break-inside: avoid; } a { color: inherit; } body.conformance { max-width: none; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; } .failure { break-inside: auto; } #matrix td, .tile, .sign { print-color-adjust: exact; }
  .many #matrix, .many #matrix th, .many #matrix th[scope=row] { font-size: 6pt; } .many #matrix tr:first-child > td { min-width: 0; padding: 0; line-height: 1.2; }
  .many #matrix th[scope=row], .many #matrix thead .corner { min-width: 8rem; max-width: 8rem; padding: 1pt; } .many #matrix thead th { padding: 1pt 0; white-space: normal; } }
`;
