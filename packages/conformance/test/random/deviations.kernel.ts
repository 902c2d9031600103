import { linkSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describeDirectory, describeHost } from "@copyup/linux";
import { expect, onTestFinished, test } from "vitest";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { declaredDeviations } from "../../src/random/deviations/index.ts";
import type { Edit } from "../../src/random/edit.ts";
import { Model } from "../../src/random/model/model.ts";
import { operationOf } from "../../src/random/operations/index.ts";
import { scratchDirectory } from "../scratch-directory.ts";

const names = ["a", "b", "d"].map((name) => Buffer.from(name));
const [A, B, D] = [[0], [1], [2]];

/** a and b are one file, d is a directory, and a commit has put them into a lower layer. */
async function committed(): Promise<Model> {
  const model = new Model(`${scratchDirectory()}/model`, names);
  onTestFinished(() => model.close());
  writeFileSync(`${model.root}/a`, "old");
  linkSync(`${model.root}/a`, `${model.root}/b`);
  mkdirSync(`${model.root}/d`);
  await model.commit(model.snapshot(), false);
  return model;
}

const declared = () => {
  const directory = scratchDirectory();
  return declaredDeviations(overlay2.profile(describeDirectory(directory), describeHost()));
};

async function carriedOut(model: Model, edit: Edit): Promise<void> {
  for (const deviation of declared()) await deviation.prepares?.(edit, model);
  operationOf(edit).run(model.ground, edit);
}

test("overlay2 declares broken links: the written name leaves its group, its directory's time stays", async () => {
  const model = await committed();
  const time = lstatSync(model.root, { bigint: true }).mtimeNs;
  await carriedOut(model, { do: "write", at: A, offset: 0, size: 3, fill: "x" });
  expect(readFileSync(`${model.root}/a`, "utf8")).toBe("xxx");
  expect(readFileSync(`${model.root}/b`, "utf8")).toBe("old");
  expect(lstatSync(model.root, { bigint: true }).mtimeNs).toBe(time);
});

test("a descriptor follows the name it was opened by", async () => {
  const model = await committed();
  operationOf({ do: "hold", at: A, slot: 0, writable: false }).run(model.ground, {
    do: "hold",
    at: A,
    slot: 0,
    writable: false,
  });
  await carriedOut(model, { do: "write", at: A, offset: 0, size: 3, fill: "x" });
  const fd = model.ground.held.get(0)?.fd ?? -1;
  expect(readFileSync(`/proc/self/fd/${fd}`, "utf8")).toBe("xxx");
});

test("what was made in this layer, or copied up, is not split again", async () => {
  const model = await committed();
  await carriedOut(model, { do: "unlink", at: B });
  await carriedOut(model, { do: "link", from: A, to: B });
  await carriedOut(model, { do: "append", at: A, size: 1, fill: "y" });
  expect(readFileSync(`${model.root}/b`, "utf8")).toBe("oldy");
});

test("EXDEV is the answer for a lower directory only", async () => {
  const model = await committed();
  const refused = (edit: Edit, errno: string) =>
    declared().some((deviation) => deviation.refuses?.(edit, errno, model));
  const rename = (from: number[]): Edit => ({ do: "rename", from, to: [3], noReplace: false });
  expect(refused(rename(D), "EXDEV")).toBe(true);
  expect(refused(rename(D), "EIO")).toBe(false);
  expect(refused(rename(A), "EXDEV")).toBe(false);
  operationOf({ do: "remake", at: D }).run(model.ground, { do: "remake", at: D });
  expect(refused(rename(D), "EXDEV")).toBe(false);
});

test("a profile without deviations leaves the model as it is", () => {
  expect(declaredDeviations({ driver: "none", deviations: [] })).toEqual([]);
});
