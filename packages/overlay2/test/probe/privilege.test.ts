import type { Host } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { privilegeFinding } from "../../src/probe/privilege.ts";
import { requireReadable } from "../../src/require-readable.ts";

const host = {
  euid: 1000,
  kernelRelease: "6.18.0",
  kernel: [6, 18],
  userNamespace: false,
  sysAdmin: false,
} as unknown as Host;
const old: Partial<Host> = { kernelRelease: "5.10.0", kernel: [5, 10] };

describe("the right to mount an overlay", () => {
  it.each([
    ["root", { euid: 0, sysAdmin: true }, true],
    ["root on an old kernel", { ...old, sysAdmin: true }, true],
    ["an ordinary user", {}, false],
    ["root of a user namespace", { sysAdmin: true, userNamespace: true }, true],
    ["the same before 5.11", { ...old, sysAdmin: true, userNamespace: true }, false],
  ])("%s: %o gives %s", (_, more, ok) => {
    expect(privilegeFinding({ ...host, ...more }).ok).toBe(ok);
  });

  it("sends nobody into a namespace where it does not help", () => {
    expect(privilegeFinding(host).fix).toContain("copyup unshare");
    expect(privilegeFinding({ ...host, ...old }).fix).not.toContain("copyup unshare");
    const inside = privilegeFinding({ ...host, ...old, sysAdmin: true, userNamespace: true });
    expect([inside.kind, inside.fix]).toEqual(["unsupported", expect.stringContaining("5.11")]);
  });
});

describe("a layer's marks", () => {
  const layer = { id: "x", body: "/s/layers/x/body", dialect: "overlay-trusted" } as const;

  it("in trusted.* are not seen in a user namespace, so the layer is refused there", () => {
    expect(() => requireReadable(layer, { userNamespace: true })).toThrow(
      expect.objectContaining({ code: "NEEDS_PRIVILEGE", layer: "x", hint: expect.stringContaining("layer diff") }),
    );
  });

  it("are read by root, and those in user.* by everybody", () => {
    expect(() => requireReadable(layer, { userNamespace: false })).not.toThrow();
    expect(() => requireReadable({ ...layer, dialect: "overlay-user" }, { userNamespace: true })).not.toThrow();
  });
});
