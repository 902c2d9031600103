import { describe, expect, it } from "vitest";
import { mountOptions } from "../src/mount-options.ts";
import { parseOptions } from "../src/options.ts";

describe("options", () => {
  it("are none by default", () => {
    expect(parseOptions({})).toEqual({ xino: null });
  });

  it.each(["auto", "on", "off"] as const)("take xino %s", (xino) => {
    expect(parseOptions({ xino })).toEqual({ xino });
  });

  it.each([true, "yes", null, 1])("refuse xino %s", (xino) => {
    expect(() => parseOptions({ xino })).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });

  it("refuse what is not known", () => {
    expect(() => parseOptions({ size: "10G" })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION", driver: "overlay2" }),
    );
  });

  it.each(["index", "metacopy", "redirect_dir", "nfs_export", "userxattr", "volatile"])(
    "say why %s is not for choosing",
    (name) => {
      expect(() => parseOptions({ [name]: "on" })).toThrow(/does not let .* be chosen: ./);
    },
  );
});

describe("mount options", () => {
  it("say what the module's parameters would else decide", () => {
    expect(mountOptions("overlay-trusted", { xino: null })).toEqual([
      "index=off",
      "metacopy=off",
      "redirect_dir=nofollow",
    ]);
  });

  it("ask for user xattrs in a user namespace", () => {
    expect(mountOptions("overlay-user", { xino: null })).toEqual([
      "userxattr",
      "index=off",
      "metacopy=off",
      "redirect_dir=nofollow",
    ]);
  });

  it("hand xino on", () => {
    expect(mountOptions("overlay-trusted", { xino: "on" })).toContain("xino=on");
  });
});
