import { type MountPlan, renderContainerd, renderShell, shellWord } from "@copyup/core";
import { describe, expect, test } from "vitest";

const overlay = (lowers: string[], upper: string | null = null): MountPlan => ({
  steps: [{ type: "overlay", lowers, upper, work: upper === null ? null : `${upper}-work`, options: ["index=off"] }],
});

describe("a plan as shell", () => {
  test("colons, commas and backslashes are escaped for the kernel, the rest for the shell", () => {
    expect(renderShell(overlay(["/a:b", "/c,d"], "/e,f:g"), "/mnt")).toBe(
      "mount -t overlay overlay -o 'index=off,lowerdir=/a\\:b:/c\\,d,upperdir=/e\\,f:g,workdir=/e\\,f:g-work' /mnt",
    );
    expect(shellWord("it's")).toBe(`'it'\\''s'`);
  });

  test("a read-only bind is two commands", () => {
    expect(renderShell({ steps: [{ type: "bind", source: "/a", readonly: true }] }, "/b")).toBe(
      "mount --bind /a /b\nmount -o remount,bind,ro /b",
    );
  });
});

describe("a plan for containerd", () => {
  test("is null where its clients could not carry it out", () => {
    expect(renderContainerd({ steps: [{ type: "path", source: "/a" }] })).toBeNull();
    expect(renderContainerd(overlay(["/a,b", "/c"]))).toBeNull();
    expect(renderContainerd(overlay(Array.from({ length: 300 }, (_, i) => `/var/lib/some/where/${i}`)))).toBeNull();
  });
  test("is mounts as data otherwise", () => {
    expect(renderContainerd(overlay(["/l1", "/l2"], "/u"))).toEqual([
      {
        type: "overlay",
        source: "overlay",
        options: ["index=off", "workdir=/u-work", "upperdir=/u", "lowerdir=/l1:/l2"],
      },
    ]);
  });
});
