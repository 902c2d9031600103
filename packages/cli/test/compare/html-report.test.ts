import type { CellRecord } from "@copyup/conformance";
import { describeHost } from "@copyup/linux";
import { expect, test } from "vitest";
import { htmlReport } from "../../src/compare/html-report.ts";

const host = describeHost();
const result = {
  driver: "overlay2",
  filesystem: "ext4",
  kernel: host.kernelRelease,
  id: "CU02",
  title: "a title",
  ms: 1,
};
const cell: CellRecord = {
  driver: "overlay2",
  summary: "merges",
  filesystem: "ext4",
  scratch: "a directory",
  host,
  version: "0.1.0",
  commit: null,
  date: "2026-01-02T03:04:05.678Z",
  ms: 1,
  seed: 1,
  heavy: false,
  only: null,
  works: true,
  findings: [],
  deviations: [],
  unchecked: [],
  results: [
    { ...result, status: "pass" },
    { ...result, id: "CU03", status: "fail", reason: "saw <b>", evidence: [{ title: "steps", text: "1. a & b" }] },
  ],
};

test("the page of a comparison holds the suite's matrix and the failures' evidence, and loads nothing", () => {
  const page = htmlReport({
    version: "0.1.0",
    date: cell.date,
    seconds: 1,
    host,
    conformanceScratch: "a directory",
    benchScratch: null,
    image: "none",
    probes: [{ driver: "overlay2", summary: "merges", works: true, findings: [], profile: null }],
    results: cell.results,
    cells: [cell, { ...cell, driver: "absent", works: false, results: [] }],
    bench: null,
  });
  expect(page).toContain('id="CU02"');
  expect(page.match(/<th class="driver"/g)).toHaveLength(1);
  expect(page).toContain("<td class=fail>");
  expect(page).toContain("saw &lt;b&gt;");
  expect(page).toContain("1. a &amp; b");
  expect(page).not.toMatch(/ src=|@import|<link/);
});
