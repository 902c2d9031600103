import { styleText } from "node:util";
import type { Disclaimed, DriverPromises, FamilyPromises } from "@copyup/conformance";
import { wrap } from "../output/wrap.ts";
import type { ProfilePage } from "./page.ts";

export interface TextOptions {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
  /** Every promise by its check's title. */
  readonly verbose: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** What `copyup conform --profile` prints, line by line. */
export function profileText(page: ProfilePage, options: TextOptions): string[] {
  const { host, scratch, unchecked } = page;
  const who = `${host.euid === 0 ? "root" : `uid ${host.euid}`}${host.userNamespace ? " in a user namespace" : ""}`;
  const lines = wrap(`Linux ${host.kernelRelease}, ${who}, ${scratch}`, options.width);
  for (const driver of page.drivers)
    lines.push("", ...(driver.works ? driverLines(driver, options) : refusal(driver, options)));
  if (unchecked.length > 0) {
    lines.push("", ...wrap("Not checked, so neither promised nor disclaimed:", options.width));
    for (const { id, title, why } of unchecked) lines.push(...wrap(`${title}: ${why}`, options.width, HANG, entry(id)));
  }
  return lines;
}

const HANG = "        ";

function entry(id: string): string {
  return `  ${id.padEnd(5)} `;
}

function painter({ colour }: TextOptions): (style: Style, text: string) => string {
  return (style, text) => (colour ? styleText(style, text) : text);
}

function driverLines(driver: DriverPromises, options: TextOptions): string[] {
  const paint = painter(options);
  const total = (pick: (family: FamilyPromises) => readonly unknown[]) =>
    driver.families.reduce((sum, family) => sum + pick(family).length, 0);
  const [promises, disclaims] = [total((f) => f.promises), total((f) => f.disclaims)];
  const head = `${driver.driver} promises to do ${promises} of ${promises + disclaims} things as a plain directory does, and disclaims ${disclaims}.`;
  const lines = wrap(head, options.width).map((line) => paint("bold", line));
  lines.push("", ...summary(driver.families, options.width));
  for (const family of driver.families) lines.push(...familyLines(family, options));
  return lines;
}

function unprovenOf(family: FamilyPromises): readonly { check: string; unproven: string | null }[] {
  return [...family.promises, ...family.disclaims].filter(({ unproven }) => unproven !== null);
}

/** One line a family; where the names don't fit, the letters alone. */
function summary(families: readonly FamilyPromises[], width: number, named = true): string[] {
  const rows = families.map((family) => [
    named ? `${family.id}  ${family.name}` : family.id,
    ...[family.promises, family.disclaims, family.elsewhere, unprovenOf(family)].map((list) => String(list.length)),
  ]);
  const head = ["", "promised", "disclaimed", "elsewhere", "unproven"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  if (named && widths.reduce((sum, column) => sum + column + 2, -2) > width) return summary(families, width, false);
  return [head, ...rows].map((cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
}

function familyLines(family: FamilyPromises, options: TextOptions): string[] {
  const { promises, disclaims, elsewhere } = family;
  const unproven = unprovenOf(family);
  const promised = options.verbose ? promises : [];
  if (disclaims.length + elsewhere.length + unproven.length + promised.length === 0) return [];
  const paint = painter(options);
  const lines = ["", paint("bold", `${family.id}  ${family.name}`)];
  const section = (title: string, length: number) => length > 0 && lines.push(`${title}:`);
  section("Promised", promised.length);
  for (const { check, title } of promised) lines.push(...wrap(title, options.width, HANG, entry(check)));
  section("Disclaimed", disclaims.length);
  for (const claim of disclaims) lines.push(...claimLines(claim, options));
  section("Otherwise elsewhere", elsewhere.length);
  for (const claim of elsewhere) lines.push(...claimLines(claim, options));
  section("Not proven here", unproven.length);
  for (const [why, checks] of Map.groupBy(unproven, (claim) => claim.unproven ?? ""))
    lines.push(...wrap(`${why}: ${checks.map(({ check }) => check).join(", ")}`, options.width, "  "));
  return lines;
}

function claimLines(claim: Disclaimed, options: TextOptions): string[] {
  const paint = painter(options);
  const { where } = claim;
  const put = (text: string) => wrap(text, options.width, HANG);
  const lines = wrap(claim.title, options.width, HANG, entry(claim.check));
  const what = where === null ? claim.outcome : `${claim.outcome} ${where}`;
  lines.push(...put(`${what}: ${claim.meaning}`).map((line) => paint("yellow", line)));
  lines.push(...put(`because ${claim.because}`));
  if (claim.source !== null) lines.push(...put(`source: ${claim.source}`).map((line) => paint("dim", line)));
  return lines;
}

/** Where a driver does not work there is no profile, but the probe's evidence. */
function refusal(driver: DriverPromises, options: TextOptions): string[] {
  const paint = painter(options);
  const lines = wrap(
    `${driver.driver} does not work here, so what it would promise cannot be told. Its probe says:`,
    options.width,
  ).map((line) => paint("bold", line));
  for (const { feature, ok, required, evidence, fix } of driver.findings) {
    const mark = ok ? "ok" : required ? "NO" : "no";
    lines.push(...wrap(`${feature}: ${evidence}`, options.width, "     ", `  ${mark} `));
    if (!ok && fix !== null) lines.push(...wrap(fix, options.width, "       "));
  }
  return lines;
}
