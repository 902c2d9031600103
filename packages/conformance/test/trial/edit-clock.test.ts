import { lstatSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EditClock } from "../../src/trial/edit-clock.ts";
import { scratchDirectory } from "../scratch-directory.ts";

test("times made by the same edit are told alike, those of different edits are not", () => {
  const directory = scratchDirectory();
  const clock = new EditClock(`${directory}/clock`);
  const file = (side: string) => `${directory}/${side}`;
  const told = (side: "model" | "mount") => clock.words(side)(lstatSync(file(side), { bigint: true }).mtimeNs);
  clock.edit((side) => writeFileSync(file(side), "1"));
  expect([told("model"), told("mount")]).toEqual(["of edit 1", "of edit 1"]);
  clock.edit((side) => {
    if (side === "mount") writeFileSync(file(side), "2");
  });
  expect([told("model"), told("mount")]).toEqual(["of edit 1", "of edit 2"]);
});

test("a time set on purpose, or by nobody's edit, is told exactly", () => {
  const directory = scratchDirectory();
  const clock = new EditClock(`${directory}/clock`);
  writeFileSync(`${directory}/f`, "");
  clock.edit(() => utimesSync(`${directory}/f`, 5, 5));
  const mtime = () => lstatSync(`${directory}/f`, { bigint: true }).mtimeNs;
  expect(clock.words("mount")(mtime())).toBe("5000000000 ns");
  writeFileSync(`${directory}/f`, "behind the suite's back");
  expect(clock.words("mount")(mtime())).toMatch(/^\d+ ns$/);
});

test("ticks only go forward", () => {
  const clock = new EditClock(`${scratchDirectory()}/clock`);
  const ticks = Array.from({ length: 5 }, () => clock.tick());
  expect(new Set(ticks).size).toBe(5);
  expect(ticks).toEqual([...ticks].sort());
});
