import { html, type Markup } from "@copyup/conformance/report";
import { heldAgainst, type Judged } from "../../goals/goal.ts";
import { FIGURE_NAMES } from "../amount.ts";
import { goalAmount, measuredAmount } from "../goal-amount.ts";
import { anchor } from "./workload-section.ts";

const VERDICTS = ["reached", "missed", "not measured"] as const;

export function goalTiles(goals: readonly Judged[]): Markup | null {
  if (goals.length === 0) return null;
  const tiles = VERDICTS.map((verdict) => {
    const count = goals.filter((goal) => goal.verdict === verdict).length;
    return html`<a class="tile" href="#goals"><b class="${count > 0 ? className(verdict) : "not-measured"}">${count}</b> goals ${verdict}</a>`;
  });
  return html`<nav class="tiles" aria-label="Goals">${tiles}</nav>`;
}

/** `sections`: by workload, the name of the page's section that it is in: its own, or its curve's. */
export function goalsSection(goals: readonly Judged[], sections: ReadonlyMap<string, string>): Markup | null {
  if (goals.length === 0) return null;
  const rows = goals.map((goal) => {
    const { workload, contestant, verdict, figure = "cpuMs" } = goal;
    const against = heldAgainst(goal);
    const section = sections.get(workload);
    const held = `${contestant}${against === null ? "" : ` against ${against === "best peer" ? "the best peer" : against}`}`;
    return html`<tr><td>${section === undefined ? workload : html`<a href="#${anchor(section)}">${workload}</a>`}</td><td>${held}, <span class="soft">${FIGURE_NAMES[figure]}</span></td><td class="number">${goalAmount(goal, goal.atMost)}</td><td class="number measured">${measuredAmount(goal, "–")}</td><td class="verdict ${className(verdict)}">${SIGNS[verdict]} <span class="word">${verdict}</span></td></tr>`;
  });
  return html`<h2 id="goals">Goals</h2><p class="soft small">Each is judged by the medians of one interleaved series; without spread, so a goal missed by less than the noise is still missed (✓ reached, ✗ missed).</p>
<div class="scroll"><table class="small goals"><thead><tr><th>workload</th><th></th><th class="number">at most</th><th class="number">measured</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const SIGNS = { reached: "✓", missed: "✗", "not measured": "–" } as const;

const className = (verdict: Judged["verdict"]) => verdict.replace(" ", "-");
