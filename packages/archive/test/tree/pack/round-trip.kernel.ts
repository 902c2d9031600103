import { mkdirSync } from "node:fs";
import type { Dialect } from "@copyup/core";
import { expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import type { ViewPart } from "../../../src/tree/index.ts";
import { listTree, listView } from "../support/listing.ts";
import { OverlayStack } from "../support/overlay.ts";
import { namesIn, pack } from "../support/pack.ts";
import { scratch } from "../support/scratch.ts";

const LAYERS = [
  `mkdir -p d/sub e opt/app; echo 1 > d/1; echo x > d/sub/x; echo g > g1; ln g1 g2; ln g1 d/g3; ln -s d l; mkfifo p; mknod n c 1 3
   setfattr -n user.k -v v d; setfattr -n trusted.t -v v g1; touch ${"n".repeat(238)} $'bad\\377'; chmod 1777 e; chown 5:6 d/1
   find . -exec touch -h -d @1500000000.25 {} +`,
  `rm -r d/sub; mkdir d/sub; touch d/sub/new; rm g2; ln d/g3 h; rm ${"n".repeat(238)}; rm p; mkdir p; touch p/f; chmod 700 .
   find . -newermt 2018-01-01 -exec touch -h -d @1600000000.25 {} +`,
  `rm -r d opt; echo d > d; mkdir -p opt/app/deep; rm l; touch l; rm -r p; ln -s x p; touch ${"n".repeat(238)}; rm bad*
   find . -newermt 2021-01-01 -exec touch -h -d @1650000000.25 {} +`,
];

const DIALECTS: Dialect[] = ["overlay-trusted", "overlay-user", "aufs", "tree"];

test.each(DIALECTS)("archive, extraction as %s, archive: the same view and the same bytes", async (dialect) => {
  await using tmp = scratch();
  const stack = new OverlayStack(tmp.at("overlay"));
  for (const script of LAYERS) stack.add(script);
  let parts: ViewPart[] = [];
  for (let generation = LAYERS.length - 1; generation >= 0; generation--) {
    const parents = stack.parts(generation + 1);
    const made = await pack({ above: stack.parts(generation), below: parents.length === 0 ? null : parents });
    const dir = tmp.at(`layer${generation}`);
    mkdirSync(dir);
    const below = parts.length === 0 ? null : parts;
    await extractLayer([made.bytes], { dir, dialect, below });
    parts = dialect === "tree" ? [{ dir, dialect }] : [{ dir, dialect }, ...parts];
    expect(listView(parts)).toEqual(stack.view(generation, listTree));
    const again = await pack({ above: parts, below });
    expect(namesIn(again.bytes)).toEqual(namesIn(made.bytes));
    expect(again.digest).toBe(made.digest);
  }
});
