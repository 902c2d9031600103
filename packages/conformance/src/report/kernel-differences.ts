import type { CellRecord, CheckResult, Status } from "../runner-contract.ts";
import { type Column, columnsOf, distinct } from "./html/columns.ts";
import { rowsOf, withoutScratch } from "./html/rows.ts";

/** What came of something on one kernel. */
export interface OnKernel {
  readonly status: Status;
  /** In a few words: a deviation's, or what a feature's probe says. */
  readonly word: string;
  readonly detail: string;
}

/** A check, or what a probe tried, with another outcome on another kernel: the same driver on the same filesystems. */
export interface KernelDifference {
  /** The check's id, or the feature. */
  readonly id: string;
  readonly title: string;
  readonly driver: string;
  readonly filesystems: readonly string[];
  /** On each filesystem where it was run on several kernels. */
  readonly everywhere: boolean;
  /** By kernel; no entry where it was not run. */
  readonly kernels: ReadonlyMap<string, OnKernel>;
}

export interface KernelDifferences {
  /** Older first. */
  readonly kernels: readonly string[];
  readonly checks: readonly KernelDifference[];
  readonly features: readonly KernelDifference[];
}

/** What differs between the kernels of these cells; everything else about a cell being equal. */
export function kernelDifferences(cells: readonly CellRecord[]): KernelDifferences {
  const columns = columnsOf(cells);
  const kernels = distinct(columns.map(({ kernel }) => kernel));
  const drivers = distinct(columns.map(({ driver }) => driver));
  return {
    kernels,
    checks: drivers.flatMap((driver) => checksOf(columns.filter((column) => column.driver === driver))),
    features: drivers.flatMap((driver) => featuresOf(columns.filter((column) => column.driver === driver))),
  };
}

/** Columns of one driver. */
function checksOf(columns: readonly Column[]): KernelDifference[] {
  return rowsOf(columns).flatMap(({ id, title, results }) => {
    const found = new Found(id, title);
    results.forEach((result, i) => {
      const column = columns[i];
      // Where the driver does not work every check is skipped: the features below tell why, once.
      if (result && column?.cell.works) found.add(column, tellResult(result));
    });
    return found.differences();
  });
}

function featuresOf(columns: readonly Column[]): KernelDifference[] {
  const features = distinct(columns.flatMap(({ cell }) => cell.findings.map(({ feature }) => feature)));
  return features.flatMap((feature) => {
    const found = new Found(feature, "");
    for (const column of columns)
      for (const one of column.cell.findings)
        if (one.feature === feature) {
          const detail = quiet(one.evidence, column);
          found.add(column, { status: one.ok ? "pass" : one.required ? "fail" : "skip", word: "", detail });
        }
    // The evidence of what works may name this kernel's numbers: only what works here and not there is a difference.
    return found.differences(({ status }) => status);
  });
}

function tellResult(result: CheckResult): OnKernel {
  const reason = withoutScratch(result.reason ?? "");
  const [word = "", ...because] = result.status === "deviates" ? reason.split(": ") : [""];
  return { status: result.status, word, detail: because.length > 0 ? because.join(": ") : reason };
}

function quiet(text: string, { cell }: Column): string {
  return withoutScratch(text).replaceAll(cell.host.kernelRelease, "…");
}

class Found {
  readonly #id: string;
  readonly #title: string;
  readonly #filesystems = new Map<string, Map<string, OnKernel>>();
  #driver = "";

  constructor(id: string, title: string) {
    this.#id = id;
    this.#title = title;
  }

  add({ driver, filesystem, kernel }: Column, seen: OnKernel): void {
    this.#driver = driver;
    const kernels = this.#filesystems.get(filesystem) ?? new Map<string, OnKernel>();
    this.#filesystems.set(filesystem, kernels.set(kernel, seen));
  }

  /** Filesystems on which the same differs are told together. */
  differences(key = ({ status, word, detail }: OnKernel) => `${status} ${word} ${detail}`): KernelDifference[] {
    let compared = 0;
    const alike = new Map<string, { filesystems: string[]; kernels: Map<string, OnKernel> }>();
    for (const [filesystem, kernels] of this.#filesystems) {
      if (kernels.size > 1) compared++;
      if (new Set([...kernels.values()].map(key)).size < 2) continue;
      const told = [...kernels].map(([kernel, seen]) => `${kernel} ${key(seen)}`).join("\n");
      const one = alike.get(told) ?? { filesystems: [], kernels };
      one.filesystems.push(filesystem);
      alike.set(told, one);
    }
    const [id, title, driver] = [this.#id, this.#title, this.#driver];
    return [...alike.values()].map((one) => {
      return { id, title, driver, ...one, everywhere: one.filesystems.length === compared };
    });
  }
}
