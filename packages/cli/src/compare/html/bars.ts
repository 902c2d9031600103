import type { WorkloadResult } from "@copyup/bench";
import { html, type Markup } from "@copyup/conformance/report";
import { milliseconds } from "../../output/bench-table.ts";

const WIDTH = 480;
const NAME = 88;
const VALUE = 136;
const ROW = 26;

/** One bar a contestant, from zero, with a whisker over the middle half of its runs' spread. */
export function bars(result: WorkloadResult): Markup {
  const measured = result.contestants.flatMap((contestant) =>
    contestant.cpuMs && contestant.compared
      ? [{ name: contestant.name, cpu: contestant.cpuMs, compared: contestant.compared }]
      : [],
  );
  const longest = Math.max(...measured.map(({ cpu }) => cpu.median * (1 + cpu.spread)), 1e-9);
  const scale = (WIDTH - NAME - VALUE) / longest;
  const rows = measured.map(({ name, cpu, compared }, i) => {
    const y = i * ROW + 4;
    const length = Math.max(cpu.median * scale, 1);
    const from = NAME + cpu.median * (1 - cpu.spread) * scale;
    const to = NAME + cpu.median * (1 + cpu.spread) * scale;
    const label =
      compared.verdict === "reference"
        ? ""
        : ` (${compared.verdict === "within noise" ? "≈ " : ""}${compared.ratio.toFixed(2)}×)`;
    const fill = compared.verdict === "reference" ? "var(--bar-ref)" : "var(--bar)";
    const middle = y + 9;
    return html`<text x="${NAME - 8}" y="${y + 14}" text-anchor="end">${name}</text><rect x="${NAME}" y="${y}" width="${length.toFixed(1)}" height="18" rx="2" fill="${fill}"/><path d="M${from.toFixed(1)} ${middle}H${to.toFixed(1)}M${from.toFixed(1)} ${middle - 4}v8M${to.toFixed(1)} ${middle - 4}v8" stroke="currentColor" fill="none"/><text x="${(Math.max(NAME + length, to) + 8).toFixed(1)}" y="${y + 14}">${milliseconds(cpu.median)} ms<tspan class="soft">${label}</tspan></text>`;
  });
  const described = measured.map(({ name, cpu }) => `${name} ${milliseconds(cpu.median)} ms`).join(", ");
  return html`<svg viewBox="0 0 ${WIDTH} ${measured.length * ROW + 4}" role="img" aria-label="CPU time: ${described}">${rows}</svg>`;
}
