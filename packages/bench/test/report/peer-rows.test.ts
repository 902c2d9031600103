import { peerRows } from "@copyup/bench/report";
import { expect, test } from "vitest";

test("the peers' versions, what helpers they may use, and how to install the rest", () => {
  expect(peerRows(null)).toEqual([]);
  const none = { installed: {}, missing: {}, codecHelpers: { found: {}, missing: {} } };
  expect(peerRows(none)).toEqual([
    ["peers", "none is installed"],
    ["codec helpers they may use", "none"],
  ]);
  const some = {
    installed: { rsync: "rsync  version 3", containerd: "1.6" },
    missing: { umoci: "Debian package umoci" },
    codecHelpers: { found: { unpigz: "pigz 2.6" }, missing: { igzip: "Debian package isal" } },
  };
  expect(peerRows(some)).toEqual([
    ["peers", "rsync  version 3; containerd: 1.6"],
    ["codec helpers they may use", "unpigz: pigz 2.6"],
    ["not installed", "umoci: Debian package umoci; igzip: Debian package isal"],
  ]);
});
