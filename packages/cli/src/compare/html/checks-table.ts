import type { CheckResult } from "@copyup/conformance";
import { html, type Markup } from "@copyup/conformance/report";
import { type ComparisonReport, workingDrivers } from "../comparison.ts";

const WORDS = { pass: "pass", deviates: "deviates as declared", fail: "FAIL", skip: "skipped" } as const;

/** Every check, one column a driver, with the reason below the word. */
export function checksTable(report: ComparisonReport): Markup {
  const drivers = workingDrivers(report);
  const byCheck = new Map<string, Map<string, CheckResult>>();
  for (const result of report.results) {
    if (!drivers.includes(result.driver)) continue;
    const row = byCheck.get(result.id) ?? new Map<string, CheckResult>();
    byCheck.set(result.id, row.set(result.driver, result));
  }
  const rows = [...byCheck].map(([id, row]) => {
    const results = drivers.map((driver) => row.get(driver));
    const statuses = [...new Set(results.flatMap((result) => (result ? [result.status] : [])))].join(" ");
    const title = results.find((result) => result)?.title ?? "";
    return html`<tr data-status="${statuses}"><td><code>${id}</code></td><td>${title}</td>${results.map(cell)}</tr>`;
  });
  return html`<div class="filters" id="filters">${(["pass", "deviates", "fail", "skip"] as const).map(
    (status) =>
      html`<label><input type="checkbox" value="${status}" checked> <span class="${status}">${WORDS[status]}</span></label>`,
  )}<label><input type="search" placeholder="id or words" aria-label="Filter by id or words"></label></div>
<div class="scroll"><table class="checks" id="checks"><thead><tr><th>check</th><th>what</th>${drivers.map((driver) => html`<th>${driver}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell(result: CheckResult | undefined): Markup {
  if (!result) return html`<td></td>`;
  return html`<td><span class="mark ${result.status}">${WORDS[result.status]}</span>${result.reason ? html`<div class="why">${result.reason}</div>` : null}</td>`;
}

/** Works from disk, without it everything is simply shown. */
export const FILTER_SCRIPT = `
const box = document.getElementById("filters"), rows = [...document.querySelectorAll("#checks tbody tr")];
function apply() {
  const on = new Set([...box.querySelectorAll("input[type=checkbox]")].filter(i => i.checked).map(i => i.value));
  const words = box.querySelector("input[type=search]").value.toLowerCase();
  for (const row of rows) row.classList.toggle("hidden",
    !row.dataset.status.split(" ").some(s => on.has(s)) || !row.textContent.toLowerCase().includes(words));
}
if (box) box.addEventListener("input", apply);
`;
