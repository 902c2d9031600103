import { type DaemonStep, renderContainerd, renderShell } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { MAX_PARENTS, planChain } from "../src/plan.ts";
import { chainOf, layerAt } from "./layers.ts";

const LAYERS = "/s/layers";
const step = (...args: Parameters<typeof planChain>) => planChain(...args).steps[0] as DaemonStep;

describe("a plan", () => {
  it("names the layers relative to where the daemon is started, the nearest first", () => {
    const { argv, cwd, readyWhen } = step(chainOf(3), "rw", LAYERS);
    const options = "upperdir=2/body/diff,workdir=2/body/work,lowerdir=1/body/diff:0/body/diff,dev";
    expect([argv, cwd]).toEqual([["fuse-overlayfs", "-o", options, "{target}"], LAYERS]);
    expect(readyWhen.mounted).toBe("fuse.fuse-overlayfs");
  });

  it("has an empty lower below the upper of a base, and none where the base itself is a lower", () => {
    expect(step(chainOf(1), "rw", LAYERS).argv[2]).toContain("lowerdir=0/body/empty");
    expect(step(chainOf(1), "ro", LAYERS).argv[2]).toBe("ro,lowerdir=0/body/diff,dev");
  });

  it("says nothing of a store's own path, whatever characters it holds", () => {
    const odd = "/a,b\\c d/layers";
    expect(step(chainOf(2, odd), "rw", odd).argv[2]).toBe(step(chainOf(2), "rw", LAYERS).argv[2]);
  });

  it("of the most layers a chain may have fits into one argument, even with the longest ids", () => {
    const chain = chainOf(MAX_PARENTS + 1, LAYERS, 64);
    expect(Buffer.byteLength(step(chain, "ro", LAYERS).argv[2] ?? "")).toBeLessThan(131_072);
    expect(() => planChain(chainOf(2000, LAYERS, 64), "ro", LAYERS)).toThrow(
      expect.objectContaining({ code: "TOO_MANY_LAYERS", driver: "fuse-overlayfs" }),
    );
  });

  it("of a layer in another dialect is refused", () => {
    const foreign = layerAt("/s/layers/0/body", { dialect: "overlay-trusted" });
    expect(() => planChain([foreign], "ro", LAYERS)).toThrow(expect.objectContaining({ code: "STORE_FORMAT" }));
  });

  it("is a command line that daemonises itself, for a shell", () => {
    expect(renderShell(planChain(chainOf(1), "ro", LAYERS), "/mnt/x y")).toBe(
      "(cd /s/layers && fuse-overlayfs -o ro,lowerdir=0/body/diff,dev '/mnt/x y')",
    );
  });

  it("is a mount helper with absolute paths for containerd, null where those cannot be said", () => {
    expect(renderContainerd(planChain(chainOf(2), "rw", LAYERS))).toEqual([
      {
        type: "fuse3.fuse-overlayfs",
        source: "overlay",
        options: [
          "upperdir=/s/layers/1/body/diff",
          "workdir=/s/layers/1/body/work",
          "lowerdir=/s/layers/0/body/diff",
          "dev",
        ],
      },
    ]);
    expect(renderContainerd(planChain(chainOf(2, "/a,b"), "rw", "/a,b"))).toBeNull();
  });
});
