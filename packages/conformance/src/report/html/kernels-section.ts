import { countStatuses } from "../count-statuses.ts";
import { type KernelDifference, kernelDifferences } from "../kernel-differences.ts";
import { type Column, distinct } from "./columns.ts";
import { html, type Markup } from "./markup.ts";
import { SHORT, SIGNS, STATUSES } from "./words.ts";

/** Kernel × driver down, filesystems across: how many checks passed, deviate, failed, were skipped. Nothing for a single cell. */
export function glanceSection(columns: readonly Column[]): Markup | null {
  const kernels = distinct(columns.map(({ kernel }) => kernel));
  const filesystems = distinct(columns.map(({ filesystem }) => filesystem));
  if (kernels.length * filesystems.length < 2) return null;
  const rows = kernels.flatMap((kernel) =>
    distinct(columns.filter((column) => column.kernel === kernel).map(({ driver }) => driver)).map((driver, i, all) => {
      const first = i === 0 ? html`<th rowspan="${all.length}" scope="rowgroup">Linux ${kernel}</th>` : null;
      const cells = filesystems.map((filesystem) =>
        glance(columns.find((one) => one.kernel === kernel && one.driver === driver && one.filesystem === filesystem)),
      );
      return html`<tr>${first}<th scope="row">${driver}</th>${cells}</tr>`;
    }),
  );
  const part = distinct(columns.filter(({ cell }) => cell.filesystemRows).map(({ filesystem }) => filesystem));
  return html`<h2 id="glance">At a glance</h2><p class="legend small">${STATUSES.map((status) => html`<span><i class="sign ${status}">${SIGNS[status]}</i> ${SHORT[status]}</span>`)}</p>
<div class="scroll"><table class="glance"><thead><tr><th>kernel</th><th>driver</th>${filesystems.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>${part.length > 0 ? html`<p class="soft small">On ${part.join(", ")}: the checks that rest on the filesystem below; the others cannot end otherwise there, and their cells below are empty.</p>` : null}`;
}

function glance(column: Column | undefined): Markup {
  if (column === undefined) return html`<td></td>`;
  const { cell } = column;
  if (!cell.works) return html`<td class="skip">does not work here</td>`;
  const counts = countStatuses(cell.results);
  const told = STATUSES.filter((status) => counts[status] > 0).map(
    (status) => html`<span class="sign ${status}" title="${SHORT[status]}">${counts[status]} ${SIGNS[status]}</span> `,
  );
  return html`<td>${told}${cell.interrupted ? html` <b class="fail">interrupted</b>` : null}</td>`;
}

/** The checks and the probes' findings whose outcome depends on the kernel, a kernel a column. Nothing for a single kernel. */
export function kernelsSection(columns: readonly Column[]): Markup | null {
  const { kernels, checks, features } = kernelDifferences(columns.map(({ cell }) => cell));
  if (kernels.length < 2) return null;
  const table = (rows: readonly KernelDifference[], head: string, name: (row: KernelDifference) => Markup) =>
    html`<div class="scroll"><table class="small kernels"><thead><tr><th>${head}</th><th>driver</th>${kernels.map((kernel) => html`<th>${kernel}</th>`)}</tr></thead><tbody>${rows.map(
      (row) =>
        html`<tr><th scope="row">${name(row)}${row.everywhere ? null : html` <span class="where">${row.filesystems.join(", ")}</span>`}</th><td>${row.driver}</td>${kernels.map((kernel) => onKernel(row, kernel))}</tr>`,
    )}</tbody></table></div>`;
  return html`<h2 id="kernels">What differs between the kernels</h2>
${
  checks.length === 0
    ? html`<p>No check: each has the same outcome, for the same reason, on every kernel.</p>`
    : html`<p class="soft small">${checks.length} of the outcomes. An outcome's reason shows when you point at it, and stands below with its check.</p>${table(
        checks,
        "check",
        (row) => html`<a href="#${row.id}"><code>${row.id}</code></a> ${row.title}`,
      )}`
}${
  features.length === 0
    ? null
    : html`<h3>What the drivers' probes found</h3>${table(features, "feature", (row) => html`${row.id}`)}`
}`;
}

function onKernel(row: KernelDifference, kernel: string): Markup {
  const seen = row.kernels.get(kernel);
  if (seen === undefined) return html`<td class="soft"></td>`;
  const { status, word, detail } = seen;
  return html`<td class="${status}" title="${detail}"><span class="sign ${status}">${SIGNS[status]}</span> ${word === "" ? null : html`<code>${word}</code>`}${word === "" && detail !== "" ? html`<span class="short">${detail}</span>` : null}</td>`;
}
