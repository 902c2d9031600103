import { describe, expect, it } from "vitest";
import { formatLayerRecord, type LayerRecord } from "../../src/record/layer-record.ts";
import { parseLayerRecord } from "../../src/record/parse-layer-record.ts";

const record: LayerRecord = {
  format: 1,
  id: "a1",
  parent: null,
  state: "committed",
  driver: "plain-copy",
  bodyFormat: 1,
  dialect: "tree",
  diffId: `sha256:${"0".repeat(64)}`,
  contentId: null,
  labels: { "org.example/name": "ünï" },
  createdAt: "2026-01-02T03:04:05.678Z",
  lost: { owner: 3 },
  lostExamples: { owner: "etc/passwd" },
};

const parse = (text: string) => parseLayerRecord(text, "a1", "/store/layers/a1/layer.json");
const changed = (change: Record<string, unknown>) => JSON.stringify({ ...record, ...change });

describe("layer.json", () => {
  it("is read as it was written", () => {
    expect(parse(formatLayerRecord(record))).toEqual(record);
  });

  it.each([
    ["", "nothing"],
    ["\0\0\0\0", "no JSON"],
    ['{"format": 1, "id": "a1"', "no JSON"],
    ["[]", "no object"],
    ["null", "no object"],
    ["{}", "no format number"],
    [changed({ id: "b2" }), "the id"],
    [changed({ id: "../b" }), "a bad `id`"],
    [changed({ parent: ".." }), "a bad `parent`"],
    [changed({ state: "half" }), "a bad `state`"],
    [changed({ dialect: "zfs" }), "a bad `dialect`"],
    [changed({ diffId: "sha256:12" }), "a bad `diffId`"],
    [changed({ labels: { a: 1 } }), "a bad `labels`"],
    [changed({ lost: { owner: -1 } }), "a bad `lost`"],
    [changed({ createdAt: "yesterday" }), "a bad `createdAt`"],
    [changed({ bodyFormat: 1.5 }), "a bad `bodyFormat`"],
  ])("is CORRUPT as %j, naming the layer and the file", (text, what) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: "CORRUPT",
        layer: "a1",
        path: "/store/layers/a1/layer.json",
        message: expect.stringContaining(what),
      }),
    );
  });

  it("of a newer program is STORE_FORMAT", () => {
    expect(() => parse(changed({ format: 2 }))).toThrow(expect.objectContaining({ code: "STORE_FORMAT", layer: "a1" }));
  });
});
