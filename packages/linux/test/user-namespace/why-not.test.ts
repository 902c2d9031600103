import { describe, expect, it } from "vitest";
import { whyNoUserNamespace } from "../../src/user-namespace/why-not.ts";

const PLAIN = { "/proc/self/uid_map": "0 0 4294967295\n", "/proc/self/status": "Seccomp:\t0\n" };

function refusal(files: Record<string, string | null>, rootIsMount = true) {
  const all: Record<string, string | null> = { ...PLAIN, ...files };
  return whyNoUserNamespace({ read: (path) => all[path] ?? null, rootIsMount: () => rootIsMount });
}

describe("why there is no user namespace", () => {
  it("is not told where nothing forbids it", () => {
    expect(refusal({})).toBe(null);
    expect(refusal({ "/proc/sys/kernel/unprivileged_userns_clone": "1\n" })).toBe(null);
    expect(refusal({ "/proc/sys/user/max_user_namespaces": "5881\n" })).toBe(null);
  });

  it.each([
    ["a kernel without", { "/proc/self/uid_map": null }, "CONFIG_USER_NS", "kernel"],
    ["RHEL's old default", { "/proc/sys/user/max_user_namespaces": "0\n" }, "is 0", "user.max_user_namespaces=1000"],
    [
      "Debian's switch",
      { "/proc/sys/kernel/unprivileged_userns_clone": "0\n" },
      "is 0",
      "kernel.unprivileged_userns_clone=1",
    ],
    [
      "Ubuntu's AppArmor",
      { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" },
      "AppArmor",
      "kernel.apparmor_restrict_unprivileged_userns=0",
    ],
    ["a container's filter", { "/proc/self/status": "Name:\tnode\nSeccomp:\t2\n" }, "seccomp", "seccomp=unconfined"],
  ])("%s", (_, files, reason, fix) => {
    expect(refusal(files as Record<string, string | null>)?.reason).toContain(reason);
    expect(refusal(files as Record<string, string | null>)?.fix).toContain(fix);
  });

  it("a chroot", () => {
    expect(refusal({}, false)?.reason).toContain("chroot");
  });
});
