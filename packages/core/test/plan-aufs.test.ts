import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type AufsStep, aufsCalls, renderContainerd, renderShell } from "../src/index.ts";

function step(paths: readonly string[], more: Partial<AufsStep> = {}): AufsStep {
  const branches = paths.map((path, i) => ({ path, permission: i === 0 ? ("rw" as const) : ("ro+wh" as const) }));
  return { type: "aufs", branches, readonly: false, options: ["dirperm1", "acl"], xino: ["/dev/shm"], ...more };
}

const numbered = (count: number, name = "layer") => Array.from({ length: count }, (_, i) => `/store/${name}-${i}/diff`);

/** The branches that calls name, in the order in which they come to lie. */
function branchesOf({ mount, appends }: ReturnType<typeof aufsCalls>): string[] {
  const first = mount.slice(mount.indexOf("br:") + 3).split(":");
  return [...first, ...appends.flatMap((data) => data.split(",").map((word) => word.replace(/^append:/, "")))];
}

describe("an aufs mount as data", () => {
  it("names the options before the branches, so that a cut would not eat them", () => {
    expect(aufsCalls(step(["/a", "/b"]), "/dev/shm/x")).toEqual({
      mount: "dirperm1,acl,xino=/dev/shm/x,br:/a=rw:/b=ro+wh",
      appends: [],
    });
    expect(aufsCalls(step(["/a"]), null).mount).toBe("dirperm1,acl,noxino,br:/a=rw");
  });

  it.each([
    ["ASCII", numbered(127, "x".repeat(60))],
    ["names of several bytes a character", numbered(127, "ü".repeat(60))],
    ["one branch a page", ["/u", ...Array.from({ length: 5 }, (_, i) => `/${String(i).repeat(4000)}`)]],
    ["few", numbered(3)],
  ])("says each branch once and in order, in pieces of at most 4,095 bytes: %s", (_, paths) => {
    const calls = aufsCalls(step(paths), null);
    for (const data of [calls.mount, ...calls.appends]) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(4095);
    expect(branchesOf(calls)).toEqual(paths.map((path, i) => `${path}=${i === 0 ? "rw" : "ro+wh"}`));
  });

  it("fills a page to its last byte, counted in bytes, and not further", () => {
    const first = "dirperm1,acl,noxino,br:/a=rw:";
    const path = (bytes: number) => `/${"ü".repeat(Math.floor((bytes - 7) / 2))}${bytes % 2 === 0 ? "x" : ""}`;
    const room = 4095 - first.length;
    const exact = aufsCalls(step(["/a", path(room)]), null);
    expect([Buffer.byteLength(exact.mount), exact.appends.length]).toEqual([4095, 0]);
    const over = aufsCalls(step(["/a", path(room + 1)]), null);
    expect([over.mount.length, over.appends.length]).toEqual([first.length - 1, 1]);
  });

  it.each([",", ":", "=", "\n"])("refuses a path with %j, for which there is no escape", (character) => {
    for (const paths of [[`/a${character}b`], ["/a", `/b${character}`]])
      expect(() => aufsCalls(step(paths), null)).toThrow(expect.objectContaining({ code: "MOUNT_FAILED" }));
  });

  it("refuses a path that fits in no page", () => {
    for (const paths of [[`/${"a".repeat(4095)}`], ["/a", `/${"a".repeat(4095)}`]])
      expect(() => aufsCalls(step(paths), null)).toThrow("does not fit");
  });

  it("is printed as shell: a mount, and a remount for each further page", () => {
    expect(renderShell({ steps: [step(["/a b", "/c"], { readonly: true })] }, "/mnt")).toBe(
      "mount -i -t aufs -r -o 'dirperm1,acl,xino=/dev/shm/.copyup-by-hand.xino,br:/a b=rw:/c=ro+wh' none /mnt",
    );
    const lines = renderShell({ steps: [step(numbered(127, "it's".repeat(15)))] }, "/m t").split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines.slice(1)) expect(line).toMatch(/^mount -i -o 'remount,append:.*' '\/m t'$/);
    // A shell takes each line apart into as many words as mount(8) is to get.
    for (const line of lines)
      expect(execFileSync("sh", ["-c", `set -- ${line}; echo $#`], { encoding: "utf8" }).trim()).toMatch(/^(5|8)$/);
  });

  it("cannot be carried out by containerd's clients", () => {
    expect(renderContainerd({ steps: [step(["/a"])] })).toBeNull();
  });
});
