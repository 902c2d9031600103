import type { CellRecord, CheckResult } from "../../src/runner-contract.ts";

/** A cell made for the test; its results take the cell's names. */
export function cell(results: readonly Partial<CheckResult>[], more: Partial<CellRecord> = {}): CellRecord {
  const { driver = "overlay2", filesystem = "ext4" } = more;
  const host = more.host ?? { kernelRelease: "6.18.44", arch: "x64", euid: 0, userNamespace: false };
  return {
    driver,
    summary: `${driver} in a sentence`,
    filesystem,
    scratch: `a fresh ${filesystem} loop image`,
    host,
    version: "0.1.0",
    commit: "359a342",
    date: "2026-01-02T03:04:05.678Z",
    ms: 1234,
    seed: 7,
    heavy: false,
    only: null,
    works: true,
    findings: [],
    deviations: [],
    unchecked: [],
    ...more,
    results: results.map((result) => ({
      driver,
      filesystem,
      kernel: host.kernelRelease,
      id: "CU01",
      title: "what it is about",
      status: "pass",
      ms: 1.5,
      ...result,
    })),
  };
}

/** One of each, with everything in its texts that a format might trip over. */
export const NASTY = 'a <b> & "c" # not a directive \\ \u001b[31mred\u0000 ]]> \ud800\nsecond line\ttab\r\n  ...\n---';

export const nastyCell = cell([
  { id: "CU01", title: "passes" },
  { id: "CU02", title: `deviates ${NASTY}`, status: "deviates", reason: `word: ${NASTY}` },
  { id: "WH03", title: "skips", status: "skip", reason: `lacks ${NASTY}` },
  {
    id: "UM04",
    title: "fails # SKIP it does not",
    status: "fail",
    reason: `saw ${NASTY}`,
    seed: 9,
    evidence: [
      { title: "What was done", text: `1. first\n   indented\n\n${NASTY}` },
      { title: "mountinfo", text: "   leading spaces" },
    ],
  },
]);
