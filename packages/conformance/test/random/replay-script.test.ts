import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Edit } from "../../src/random/edit.ts";
import type { Event } from "../../src/random/recording.ts";
import { replayScript } from "../../src/random/script/replay-script.ts";

const names = [Buffer.from("a"), Buffer.from([0xff, 0x0a])];
const mkdir: Edit = { do: "mkdir", at: [1], mode: 0o755 };
const script = (...events: Event[]) =>
  replayScript({ names, events }, { driver: "overlay2", what: "a\nb", found: "seed 1" });
const valid = (text: string) => execFileSync("sh", ["-n"], { input: text, encoding: "utf8" });

test("what both sides refused is a comment, and a function of comments is one that sh takes", () => {
  const text = script({ kind: "edit", edit: mkdir, outcome: "EEXIST", seen: "EEXIST", on: "both" }, { kind: "commit" });
  expect(text).toContain('# (umask 22; mkdir "./$n2") # EEXIST');
  valid(text);
});

test("what one side refused is run on both, and what it said is compared", () => {
  const text = script({ kind: "edit", edit: mkdir, outcome: "done", seen: "EPERM", on: "both" });
  expect(text).toMatch(/^ {2}\(umask 22; mkdir "\.\/\$n2"\); told 0 \$\?$/m);
  expect(text).toContain('compare "at the end"');
  valid(text);
});

test("layers, remounts, views, exports and declared changes each have their line", () => {
  const declared: Event = { kind: "declared", check: "CU07", outcome: "link-broken", place: [0, 1] };
  const text = script(declared, { kind: "remount" }, { kind: "commit" }, { kind: "apply" }, { kind: "view" });
  expect(text).toMatch(
    /own_file "\.\/\$n1\/\$n2" # CU07 link-broken[\s\S]*\nremount\ncommit\napply\n\n# Layer 2\nbegin\nview\n/,
  );
  valid(text);
});
