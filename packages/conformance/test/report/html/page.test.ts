import { describe, expect, test } from "vitest";
import { htmlPage } from "../../../src/report/html/page.ts";
import type { CellRecord } from "../../../src/runner-contract.ts";
import { cell, NASTY, nastyCell } from "../cells.ts";
import { attribute, classed, type Element, elements, named, text } from "./elements.ts";

function matrixOf(page: string): string[][] {
  return classed(elements(page), "check").map((body) => {
    const [row] = named(
      body.childNodes.filter((node): node is Element => "tagName" in node),
      "tr",
    );
    return row!.childNodes.filter((node): node is Element => "tagName" in node).map((one) => text(one).trim());
  });
}

describe("the page", () => {
  test("holds nothing that is loaded from elsewhere, and all its links to itself arrive", () => {
    const all = elements(htmlPage([nastyCell, cell([{}], { filesystem: "xfs" })]));
    expect(named(all, "link").concat(named(all, "img"), named(all, "iframe"))).toEqual([]);
    expect(all.filter((element) => attribute(element, "src") !== undefined)).toEqual([]);
    expect(named(all, "style").map(text).join("")).not.toMatch(/@import|url\(/);
    const ids = all.flatMap((element) => attribute(element, "id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of named(all, "a")) {
      const target = attribute(link, "href") ?? "";
      if (target.startsWith("#")) expect(ids).toContain(target.slice(1));
      else expect(target).toMatch(/^https?:/);
    }
  });

  test("one row a check, one cell a driver, filesystem and kernel", () => {
    const host = { ...nastyCell.host, kernelRelease: "5.10.0" };
    const page = htmlPage([
      cell([{ id: "CU01" }, { id: "CU02", status: "deviates", reason: "word: because" }]),
      cell([{ id: "CU01", status: "fail", reason: "no" }], { filesystem: "xfs" }),
      cell([{ id: "CU02", status: "skip", reason: "lacks it" }], { host }),
    ]);
    // The older kernel comes first.
    expect(matrixOf(page)).toEqual([
      ["CU01 what it is about", "", "✓ pass", "✗ FAIL"],
      ["CU02 what it is about", "– skipped", "≠ deviates", ""],
    ]);
    const heads = classed(elements(page), "driver").map((head) =>
      ["data-kernel", "data-filesystem", "data-driver"].map((name) => attribute(head, name)).join(" "),
    );
    expect(heads).toEqual(["5.10.0 ext4 overlay2", "6.18.44 ext4 overlay2", "6.18.44 xfs overlay2"]);
  });

  test("what a check did stands below it: each outcome once, with where, and what it cites", () => {
    const skip = { id: "CU02", status: "skip", reason: "lacks it" } as const;
    const page = htmlPage(
      ["ext4", "xfs", "btrfs"].map((filesystem) =>
        cell([filesystem === "xfs" ? { id: "CU02" } : skip], { filesystem }),
      ),
    );
    const [more] = classed(elements(page), "more");
    expect(text(more!)).toMatch(/SKIPPED overlay2 on ext4, btrfs lacks itPASS overlay2 on xfs.*Cites /s);
  });

  test("a failure unfolds into its evidence, whatever stands in it", () => {
    const [failure] = classed(elements(htmlPage([nastyCell])), "failure");
    expect(failure!.tagName).toBe("details");
    expect(text(failure!)).toContain("fails # SKIP it does not");
    expect(text(failure!)).toContain("What was done");
    expect(text(failure!)).toContain(NASTY.slice(0, 20));
    expect(text(failure!)).toContain("   leading spaces");
  });

  test("one failure on several filesystems is told once", () => {
    const failing = (filesystem: string) =>
      cell(
        [
          {
            id: "UM04",
            status: "fail",
            reason: `saw /tmp/copyup-scratch-${filesystem}/x`,
            evidence: [{ title: "steps", text: filesystem }],
          },
        ],
        { filesystem },
      );
    const all = classed(
      elements(htmlPage([failing("ext4"), failing("xfs"), cell([{ id: "UM04" }], { filesystem: "btrfs" })])),
      "failure",
    );
    expect(all).toHaveLength(1);
    expect(text(all[0]!)).toMatch(/on ext4, xfs.*Seen in 2 columns/s);
  });

  test("tells what drivers declare, what their probes saw, why checks were skipped, and what no check proves", () => {
    const page = htmlPage([
      {
        ...nastyCell,
        deviations: [
          { check: "CU99", outcome: "odd", because: "not run here" },
          { check: "CU02", outcome: "word", because: "so it is", source: "https://example.org/x" },
        ],
        findings: [
          {
            feature: "reflink",
            ok: false,
            required: false,
            kind: "unsuitable-fs",
            evidence: "FICLONE: EOPNOTSUPP",
            fix: "use btrfs",
          },
        ],
        unchecked: [{ id: "SE42", title: "labels", why: "needs SELinux" }],
      },
    ]);
    const all = text(elements(page)[0]!);
    const links = named(elements(page), "a").map((link) => attribute(link, "href"));
    expect(links).toContain("#CU02");
    expect(links, "a check that was not run has no row to go to").not.toContain("#CU99");
    for (const wanted of ["so it is", "FICLONE: EOPNOTSUPP", "use btrfs", "SE42", "needs SELinux", "lacks a <b>"])
      expect(all).toContain(wanted);
  });

  test("is small for 250 checks on 3 drivers, 4 filesystems and 4 kernels, even when a driver fails all of them", () => {
    const reason = `does not work here: ${"a long sentence of evidence, ".repeat(10)}`;
    const evidence = [{ title: "What was done", text: "a line of steps\n".repeat(2000) }];
    const cells: CellRecord[] = [];
    for (const kernelRelease of ["5.10.0", "5.15.0", "6.1.0", "6.18.0"])
      for (const filesystem of ["ext4", "xfs", "btrfs", "tmpfs"])
        for (const driver of ["good", "absent", "broken"]) {
          const results = Array.from({ length: 250 }, (_, i) => ({
            id: `CU${i}`,
            title: `a check with a title of ordinary length, number ${i}`,
            ...(driver === "absent" ? ({ status: "skip", reason } as const) : {}),
            ...(driver === "broken" ? ({ status: "fail", reason: `${filesystem}: wrong`, evidence } as const) : {}),
          }));
          cells.push(cell(results, { driver, filesystem, host: { ...nastyCell.host, kernelRelease } }));
        }
    const page = htmlPage(cells);
    expect(matrixOf(page)).toHaveLength(250);
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
  });
});
