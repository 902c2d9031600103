import type { OverlayStep } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { bestRung } from "../../src/mounts/overlay-ladder.ts";

const yes = { ok: true, evidence: "" };
const no = { ok: false, evidence: "" };
const since613 = { descriptors: yes, strings: yes };
const since68 = { descriptors: no, strings: yes };
const legacy = { descriptors: no, strings: no };

function step(...lowers: string[]): OverlayStep {
  return { type: "overlay", lowers, upper: "/s/u", work: "/s/w", options: ["index=off"] };
}

const long = `/${"x".repeat(255)}`;

describe("bestRung", () => {
  it.each([
    ["plain paths, 6.13", since613, step("/s/1", "/s/2"), "strings"],
    ["a backslash, 6.13", since613, step("/s/1", "/s\\2"), "descriptors"],
    ["256 bytes, 6.13", since613, step("/s/1", long), "descriptors"],
    ["255 bytes, 6.13", since613, step("/s/1", long.slice(1)), "strings"],
    ["plain paths, 6.8", since68, step("/s/1"), "strings"],
    ["a backslash, 6.8", since68, step("/s\\1"), "strings"],
    ["plain paths, 5.10", legacy, step("/s/1"), "options"],
    ["a colon, 5.10", legacy, step("/s:1"), "numbers"],
    ["a comma, 5.10", legacy, step("/s,1"), "numbers"],
    ["a page and more, 5.10", legacy, step(...Array.from({ length: 20 }, () => long)), "numbers"],
  ] as const)("%s", (_, support, overlay, rung) => {
    expect(bestRung(overlay, support)).toBe(rung);
  });

  it("looks at the upper's and the work directory's paths too", () => {
    expect(bestRung({ ...step("/s/1"), work: "/s\\w" }, since613)).toBe("descriptors");
    expect(bestRung({ ...step("/s/1"), upper: "/s,u" }, legacy)).toBe("numbers");
  });
});
