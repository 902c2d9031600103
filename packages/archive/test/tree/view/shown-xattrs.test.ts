import { expect, test } from "vitest";
import { leftOutOfLayers, shownXattrName } from "../../../src/tree/index.ts";

test.each([
  ["overlay-trusted", "trusted.overlay.opaque", null],
  ["overlay-trusted", "trusted.overlay.origin", null],
  ["overlay-trusted", "trusted.overlay.overlay.opaque", "trusted.overlay.opaque"],
  ["overlay-trusted", "trusted.overlay.overlay.overlay.x", "trusted.overlay.overlay.x"],
  ["overlay-trusted", "user.overlay.opaque", "user.overlay.opaque"],
  ["overlay-trusted", "trusted.overlayfoo", "trusted.overlayfoo"],
  ["overlay-user", "user.overlay.opaque", null],
  ["overlay-user", "user.overlay.overlay.impure", "user.overlay.impure"],
  ["tree", "trusted.overlay.opaque", "trusted.overlay.opaque"],
  ["aufs", "user.x", "user.x"],
] as const)("in a %s part %s is shown as %s", (dialect, stored, shown) => {
  expect(shownXattrName(dialect, stored)).toBe(shown);
});

test.each([
  ["security.selinux", true],
  ["security.ima", true],
  ["security.evm", true],
  ["user.fuseoverlayfs.origin", true],
  ["security.capability", false],
  ["user.fuse", false],
])("%s left out of layers: %s", (name, out) => {
  expect(leftOutOfLayers(name)).toBe(out);
});
