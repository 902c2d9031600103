import { expect, test } from "vitest";
import { htmlPage } from "../../src/report/html/page.ts";
import { kernelDifferences } from "../../src/report/kernel-differences.ts";
import { kernelTable, markdown } from "../../src/report/markdown.ts";
import { cell } from "./cells.ts";

const host = (kernelRelease: string, kernelPackage?: string) => ({
  kernelRelease,
  arch: "x64",
  euid: 0,
  userNamespace: false,
  ...(kernelPackage ? { kernelPackage } : {}),
});
const finding = (ok: boolean, evidence: string) =>
  ({ feature: "lowerdir+", ok, required: false, kind: "unsupported", evidence, fix: null }) as const;

const old = host("5.10.0-32-cloud-amd64", "Debian 5.10.223-1");
const young = host("7.2.12", "Debian 7.2.12-1");
const deviates = { status: "deviates", reason: "no-tmpfile: learned in 6.10" } as const;
const cells = [
  cell([{ id: "CU26", ...deviates }, { id: "CU01" }, { id: "CU11" }], {
    host: old,
    findings: [finding(false, "EINVAL")],
  }),
  cell([{ id: "CU26" }, { id: "CU01" }, { id: "CU11" }], { host: young, findings: [finding(true, "500 lowers")] }),
  cell(
    [
      { id: "CU26", ...deviates },
      { id: "CU11", status: "skip", reason: "lacks it" },
    ],
    {
      host: old,
      filesystem: "xfs",
      findings: [finding(false, "EINVAL")],
    },
  ),
  cell([{ id: "CU26" }, { id: "CU11" }], { host: young, filesystem: "xfs", findings: [finding(true, "other words")] }),
];

test("the rows with another outcome on another kernel, and where", () => {
  const { kernels, checks, features } = kernelDifferences(cells);
  expect(kernels).toEqual(["5.10.223 Debian", "7.2.12 Debian"]);
  expect(checks.map(({ id, filesystems, everywhere }) => [id, filesystems, everywhere])).toEqual([
    ["CU11", ["xfs"], false],
    ["CU26", ["ext4", "xfs"], true],
  ]);
  expect([...(checks[1]?.kernels.values() ?? [])].map(({ status, word }) => [status, word])).toEqual([
    ["deviates", "no-tmpfile"],
    ["pass", ""],
  ]);
  // Evidence in other words is no difference, works here and not there is one.
  expect(features.map(({ id, filesystems }) => [id, filesystems])).toEqual([["lowerdir+", ["ext4", "xfs"]]]);
});

test("two drivers, or two filesystems, are no kernels", () => {
  const { checks } = kernelDifferences([
    cell([{ id: "CU26", ...deviates }], { driver: "a" }),
    cell([{ id: "CU26" }], { driver: "b" }),
    cell([{ id: "CU26", ...deviates }], { driver: "b", filesystem: "xfs" }),
  ]);
  expect(checks).toEqual([]);
});

test("where a driver does not work its checks, all skipped, are no differences: its probe's answer is", () => {
  const refused = finding(false, "EOPNOTSUPP");
  const { checks, features } = kernelDifferences([
    cell([{ id: "CU01", status: "skip", reason: "does not work here" }], {
      host: old,
      works: false,
      findings: [refused],
    }),
    cell([{ id: "CU01" }], { host: young, findings: [finding(true, "works")] }),
  ]);
  expect(checks).toEqual([]);
  expect(features).toHaveLength(1);
});

test("another reason for the same outcome is a difference; the scratch directory's name is none", () => {
  const skip = (kernelRelease: string, reason: string) =>
    cell([{ id: "CU01", status: "skip", reason }], { host: host(kernelRelease) });
  expect(kernelDifferences([skip("5.10", "EPERM"), skip("6.1", "ENOSYS")]).checks).toHaveLength(1);
  const path = (name: string) => `no device in /tmp/copyup-scratch-${name}/x`;
  expect(kernelDifferences([skip("5.10", path("aaa")), skip("6.1", path("bbb"))]).checks).toEqual([]);
});

test("the page shows them, and one kernel's page does not", () => {
  const page = htmlPage(cells);
  expect(page).toContain('id="kernels"');
  expect(page).toContain("no-tmpfile");
  expect(page).toContain('id="glance"');
  expect(htmlPage(cells.slice(0, 1))).not.toContain('id="kernels"');
});

test("the summary as text: kernels and drivers summed over filesystems, the differences", () => {
  expect(kernelTable(cells)).toBe(
    "|  | overlay2 |\n|---|---|\n| Linux 5.10.223 Debian | 2 / 2 / 0 / 1 |\n| Linux 7.2.12 Debian | 5 / 0 / 0 / 0 |",
  );
  const text = markdown(cells);
  expect(text).toContain("| CU26 what it is about | overlay2 | `no-tmpfile` | pass |");
  expect(text).toContain("| CU11 what it is about (xfs) | overlay2 | skip: lacks it | pass |");
  expect(text).toContain("| lowerdir+ | overlay2 | skip: EINVAL | pass: 500 lowers |");
  expect(text).not.toContain("## Failures");
});

test("a failure is bold in the table and told", () => {
  const text = markdown([
    ...cells,
    cell([{ id: "UM10", status: "fail", reason: "half | a file\nmore" }], { driver: "b" }),
  ]);
  expect(text).toContain("0 / 0 / **1** / 0");
  expect(text).toContain("UM10 what it is about: half \\| a file\n");
});
