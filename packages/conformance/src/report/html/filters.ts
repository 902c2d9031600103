import { familyName } from "../../profile/families.ts";
import { type Column, distinct } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import { STATUSES, WORDS } from "./words.ts";

/** Hidden until the script that serves it runs: without it everything is shown. */
export function filters(columns: readonly Column[], families: readonly string[]): Markup {
  const choice = (kind: string, values: readonly string[], name: (value: string) => string = (value) => value) =>
    values.length < 2
      ? null
      : group(
          kind,
          values.map((value) => html`<label><input type="checkbox" value="${value}" checked> ${name(value)}</label>`),
        );
  const statuses = STATUSES.map(
    (status) =>
      html`<label><input type="checkbox" value="${status}" checked> <span class="${status}">${WORDS[status]}</span></label>`,
  );
  return html`<form class="filters" id="filters" hidden><label class="words"><span class="name">words</span><input type="search" placeholder="id, title, reason …"></label>
${group("status", statuses, "outcome")}${choice("driver", distinct(columns.map((column) => column.driver)))}${choice("filesystem", distinct(columns.map((column) => column.filesystem)))}${choice("kernel", distinct(columns.map((column) => column.kernel)))}
<label class="words"><span class="name">chapter</span><select><option value="">all</option>${families.map((family) => html`<option value="${family}">${familyName(family)}</option>`)}</select></label>
<p class="small soft"><output></output> <button type="reset">show all</button></p></form>`;
}

function group(kind: string, labels: readonly Markup[], name = kind): Markup {
  return html`<div role="group" aria-label="${name}" data-kind="${kind}"><span class="name">${name}</span>${labels}</div>`;
}

/** A check is shown if one of its visible cells has a wanted outcome and all the words are there. */
export const FILTER_SCRIPT = `
const form = document.getElementById("filters"), table = document.getElementById("matrix");
if (form && table) {
  form.hidden = false;
  const sheet = document.head.appendChild(document.createElement("style"));
  const heads = [...table.querySelectorAll("th.driver")], wide = [...table.querySelectorAll("th[data-from]")];
  const bodies = [...table.tBodies], checks = bodies.filter(b => b.classList.contains("check")).map(body => ({
    body, family: body.dataset.f, text: body.textContent.toLowerCase(),
    status: [...body.rows[0].cells].slice(1).map(cell => cell.className) }));
  const ticked = kind => { const box = form.querySelector("[data-kind=" + kind + "]");
    return box && new Set([...box.querySelectorAll("input:checked")].map(input => input.value)); };
  const apply = () => {
    const status = ticked("status"), family = form.querySelector("select").value;
    const words = form.querySelector("input[type=search]").value.toLowerCase().split(/\\s+/).filter(Boolean);
    const kinds = ["driver", "filesystem", "kernel"].map(kind => [kind, ticked(kind)]);
    const shown = heads.map(head => kinds.every(([kind, set]) => !set || set.has(head.dataset[kind])));
    sheet.textContent = shown.map((yes, i) => yes ? "" : "#matrix .check>tr:first-child>:nth-child(" + (i + 2) + "),#matrix th[data-c='" + i + "']{display:none}").join("");
    for (const head of wide) {
      const count = shown.slice(+head.dataset.from, +head.dataset.to).filter(Boolean).length;
      head.style.display = count ? "" : "none"; if (count) head.colSpan = count;
    }
    const families = new Set(); let count = 0;
    for (const check of checks) {
      const yes = (!family || check.family === family) && words.every(word => check.text.includes(word))
        && check.status.some((one, i) => shown[i] && status.has(one));
      check.body.hidden = !yes; if (yes) { count++; families.add(check.family); }
    }
    for (const body of bodies) if (body.classList.contains("family")) body.hidden = !families.has(body.dataset.f);
    form.querySelector("output").value = count + " of " + checks.length + " checks";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const tile of document.querySelectorAll("[data-only]")) tile.addEventListener("click", () => {
    for (const input of form.querySelectorAll("[data-kind=status] input")) input.checked = input.value === tile.dataset.only;
    apply();
  });
  apply();
}
const unfold = () => { const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!at) return;
  for (let fold = at.closest("details") ?? at.querySelector("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  at.scrollIntoView(); };
addEventListener("hashchange", unfold); unfold();
`;
