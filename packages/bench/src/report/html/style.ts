/** Of the bench page alone. */
export const PAGE_STYLE = `
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin: 1rem 0; max-width: 40rem; }
.tile { display: block; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); color: var(--soft); text-decoration: none; font-size: .86rem; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.contents { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .6rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0; }
.swatch { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.06rem; print-color-adjust: exact; }
.swatch.limit { background: var(--limit); } .swatch.ours { background: var(--ours); } .swatch.command { background: var(--command); } .swatch.peer { background: var(--peer); } .swatch.paler { opacity: .45; }
dl.environment { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: .4rem 0; font-size: .92rem; } dl.environment dt { color: var(--soft); } dl.environment dd { margin: 0; overflow-wrap: anywhere; }
.goals td.measured { font-weight: 600; } .goals .number, .goals .verdict { white-space: nowrap; } .missed { color: var(--bad); } .reached { color: var(--good); } .not-measured { color: var(--mute); }
@media (max-width: 34rem) { .goals .word { display: none; } .goals td { padding-right: .5rem; } dl.environment { grid-template-columns: 1fr; gap: 0; } dl.environment dd { margin-bottom: .35rem; } }
@media print { .contents { display: none; } details > * { display: block; } }
`;
