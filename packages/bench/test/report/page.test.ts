import path from "node:path";
import { benchPage, growthsOf, readBenchResult } from "@copyup/bench/report";
import { describe, expect, test } from "vitest";
import { attribute, classed, elements, named, text } from "../../../conformance/test/report/html/elements.ts";

/** Of a real run. */
const first = readBenchResult(path.join(import.meta.dirname, "../results/first.json"));

describe("the page of a result", () => {
  test("loads nothing, runs nothing, and its links arrive", () => {
    const all = elements(benchPage(first));
    expect(["script", "link", "img", "iframe"].flatMap((tag) => named(all, tag))).toEqual([]);
    expect(named(all, "style").map(text).join("")).not.toMatch(/@import|url\(/);
    const ids = all.flatMap((element) => attribute(element, "id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = named(all, "a").map((link) => attribute(link, "href")?.slice(1) ?? "");
    expect(targets.length).toBeGreaterThan(3);
    for (const target of targets) expect(ids).toContain(target);
  });

  test("shows of each workload a bar for each who took part, as long as its median, and the limit through all", () => {
    const copy = first.workloads.find(({ workload }) => workload === "copy")!;
    const drawn = elements(benchPage({ ...first, workloads: [copy] }));
    const svg = named(drawn, "svg").filter((one) => attribute(one, "class") === "chart");
    expect(svg).toHaveLength(1);
    const bars = named(drawn, "rect");
    expect(bars.map((bar) => attribute(bar, "class"))).toEqual(copy.contestants.map(({ role }) => role));
    const medians = copy.contestants.map(({ cpuMs }) => cpuMs!.median);
    const widths = bars.map((bar) => Number.parseFloat(attribute(bar, "width") ?? ""));
    const limit = classed(drawn, "limit-line").map((line) => attribute(line, "x1"));
    expect(limit).toEqual([attribute(bars[0]!, "width")]);
    for (const [i, median] of medians.entries())
      if (widths[i]! > 1) expect(widths[i]! / widths[0]!).toBeCloseTo(median / medians[0]!, 2);
  });

  test("of a program whose start was measured, that part of the bar is paler", () => {
    const copy = first.workloads.find(({ workload }) => workload === "copy")!;
    const started = {
      ...copy,
      contestants: copy.contestants.map((c) =>
        c.name === "cp -a" ? { ...c, startUpMs: { ...c.cpuMs!, median: c.cpuMs!.median / 4 } } : c,
      ),
    };
    const drawn = elements(benchPage({ ...first, workloads: [started] }));
    const [paler] = classed(drawn, "start-up");
    const whole = classed(drawn, "peer").find((one) => one.tagName === "rect")!;
    const width = (one: typeof whole) => Number.parseFloat(attribute(one, "width") ?? "");
    expect(width(whole) / width(paler!)).toBeCloseTo(4, 1);
  });

  test("gathers the points of a growth curve in one chart and one table", () => {
    const points = first.workloads.filter(({ growth }) => growth !== null);
    const inside = elements(benchPage({ ...first, workloads: points }));
    const lines = classed(inside, "line").filter(
      (line) => line.parentNode && attribute(line.parentNode as typeof line, "class") === "chart",
    );
    expect(lines).toHaveLength(points[0]!.contestants.length);
    expect(classed(lines, "line-limit")).toHaveLength(1);
    const [table] = classed(inside, "figures").map(text);
    for (const { growth: point } of points) expect(table).toContain(String(point?.at));
  });

  test("a driver and the program of its name are two curves", () => {
    const points = first.workloads.filter(({ growth }) => growth !== null);
    const program = points.map((point) => {
      const [driver] = point.contestants.filter(({ name }) => name === "fuse-overlayfs");
      return { ...point, contestants: [...point.contestants, { ...driver!, role: "peer" as const }] };
    });
    const [growth] = growthsOf(program);
    expect(growth?.curves.map(({ name }) => name).slice(-2)).toEqual([
      "fuse-overlayfs",
      "fuse-overlayfs, the program alone",
    ]);
    expect(growth?.curves.map((curve) => curve.points.length)).toEqual(growth?.curves.map(() => points.length));
  });

  test("a driver and the program of its name have two names beside their bars and in the table", () => {
    const copy = first.workloads.find(({ workload }) => workload === "copy")!;
    const driver = copy.contestants.find(({ role }) => role === "ours")!;
    const both = { ...copy, contestants: [...copy.contestants, { ...driver, role: "peer" as const }] };
    const all = elements(benchPage({ ...first, workloads: [both] }));
    const told = [...named(all, "text"), ...named(all, "td")].map(text);
    expect(told.filter((one) => one === driver.name)).toHaveLength(2);
    expect(told.filter((one) => one === `${driver.name}, the program alone`)).toHaveLength(2);
  });

  test("speaks of a limit in a curve only where there is one", () => {
    const points = first.workloads.filter(({ growth }) => growth !== null);
    const without = points.map((point) => ({
      ...point,
      contestants: point.contestants.filter(({ role }) => role !== "limit"),
    }));
    const said = (workloads: typeof points) =>
      text(classed(elements(benchPage({ ...first, workloads })), "workload")[0]!);
    expect(said(points)).toContain("the dashed line is the limit");
    expect(said(without)).not.toContain("the dashed line");
  });

  test("the goal of a point of a curve leads to the curve", () => {
    const point = first.workloads.find(({ growth }) => growth !== null)!;
    const goal = { ...first.goals[0]!, workload: point.workload };
    const links = named(elements(benchPage({ ...first, goals: [goal] })), "a");
    const [link] = links.filter((one) => text(one) === point.workload);
    expect(attribute(link!, "href")).toBe(`#w-${point.growth!.curve}`);
  });

  test("tells question, fairness, machine, versions, noise, goals and why somebody is absent", () => {
    const absent = {
      ...first.workloads[0]!.contestants[1]!,
      name: "ctr <x>",
      cpuMs: null,
      wallMs: null,
      more: {},
      compared: null,
      absent: "not installed (Debian package containerd)",
    };
    const [one] = first.workloads;
    const page = benchPage({ ...first, workloads: [{ ...one!, contestants: [...one!.contestants, absent] }] });
    const { cpu, kernel, node, programs } = first.environment;
    const said = text(elements(page)[0]!);
    for (const word of [
      one!.question,
      one!.fairness,
      cpu,
      kernel,
      node,
      absent.name,
      absent.absent,
      "goals missed",
      ...Object.values(programs),
    ])
      expect(said).toContain(word);
    expect(said).toContain(`±${(first.machineNoise * 100).toFixed(1)} %`);
  });
});
