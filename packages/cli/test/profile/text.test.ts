import type { Disclaimed, FamilyPromises } from "@copyup/conformance";
import { describe, expect, test } from "vitest";
import { wrap } from "../../src/output/wrap.ts";
import type { ProfilePage } from "../../src/profile/page.ts";
import { profileText } from "../../src/profile/text.ts";

const promised = { check: "CU01", title: "what is written arrives", cites: ["a document"], unproven: null };
const disclaimed: Disclaimed = {
  ...promised,
  check: "CU26",
  title: "a file made with O_TMPFILE and linked appears",
  outcome: "no-tmpfile",
  meaning: "O_TMPFILE is not supported",
  because: "overlay learned it later",
  source: "a commit",
  where: "before Linux 6.10",
  changedIn: "6.10",
};
const family: FamilyPromises = {
  id: "CU",
  name: "copy-up",
  promises: [promised, { ...promised, check: "CU02", unproven: "needs root" }],
  disclaims: [{ ...disclaimed, check: "CU07", where: null, changedIn: null }],
  elsewhere: [disclaimed],
};

function page(more: Partial<ProfilePage["drivers"][number]> = {}): ProfilePage {
  const host = { kernelRelease: "6.18.0", kernel: [6, 18], arch: "x64", euid: 1000, userNamespace: true } as const;
  return {
    host: { ...host, sysAdmin: true, fullRoot: false, filesystems: [], bootId: "" },
    directory: {
      path: "/s",
      filesystem: "ext4",
      dType: true,
      reflink: false,
      xattrs: { user: true, trusted: false },
      nameMax: 255,
    },
    scratch: "a directory on ext4",
    drivers: [{ driver: "overlay2", summary: "", works: true, findings: [], families: [family], ...more }],
    unchecked: [{ id: "SE10", title: "SELinux contexts", why: "needs SELinux" }],
  };
}

const plain = { width: 80, colour: false, verbose: false };

describe("a profile as text", () => {
  test("sums up, then tells each deviation with where, why and who says so", () => {
    expect(profileText(page(), plain)).toEqual([
      "Linux 6.18.0, uid 1000 in a user namespace, a directory on ext4",
      "",
      "overlay2 promises to do 2 of 3 things as a plain directory does, and disclaims",
      "1.",
      "",
      "             promised  disclaimed  elsewhere  unproven",
      "CU  copy-up         2           1          1         1",
      "",
      "CU  copy-up",
      "Disclaimed:",
      "  CU07  a file made with O_TMPFILE and linked appears",
      "        no-tmpfile: O_TMPFILE is not supported",
      "        because overlay learned it later",
      "        source: a commit",
      "Otherwise elsewhere:",
      "  CU26  a file made with O_TMPFILE and linked appears",
      "        no-tmpfile before Linux 6.10: O_TMPFILE is not supported",
      "        because overlay learned it later",
      "        source: a commit",
      "Not proven here:",
      "  needs root: CU02",
      "",
      "Not checked, so neither promised nor disclaimed:",
      "  SE10  SELinux contexts: needs SELinux",
    ]);
  });

  test("names the promises when asked", () => {
    const lines = profileText(page(), { ...plain, verbose: true });
    expect(lines).toContain("Promised:");
    expect(lines).toContain("  CU01  what is written arrives");
  });

  test.each([48, 60, 100])("fits into %i columns", (width) => {
    const lines = profileText(page(), { ...plain, width });
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  test("of a driver that does not work is its probe's evidence", () => {
    const finding = { feature: "privilege", required: true, kind: "prerequisite", evidence: "uid 1000" } as const;
    const findings = [
      { ...finding, ok: false, fix: "run it as root" },
      { ...finding, feature: "overlay", ok: true, fix: null },
    ];
    const lines = profileText(page({ works: false, findings, families: [] }), plain);
    expect(lines).toEqual(
      expect.arrayContaining(["  NO privilege: uid 1000", "       run it as root", "  ok overlay: uid 1000"]),
    );
  });
});

test("a word that is wider than the line stands alone", () => {
  expect(wrap("a verylongword b", 6, "  ", "- ")).toEqual(["- a", "  verylongword", "  b"]);
});
