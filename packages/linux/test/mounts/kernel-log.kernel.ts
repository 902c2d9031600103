import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SystemError } from "../../src/index.ts";
import { withKernelLog } from "../../src/mounts/kernel-log.ts";

const said = (line: string) => writeFileSync("/dev/kmsg", `${line}\n`);

it("puts what the kernel said meanwhile in an error without a sentence", () => {
  said("copyup-test: before");
  const act = () => {
    said("copyup-test: no such thing");
    said("another: not meant");
    said("copyup-test: really not");
    throw new SystemError("mount", 22, "/t");
  };
  expect(() => withKernelLog("copyup-test:", act)).toThrow(
    expect.objectContaining({
      syscall: "mount",
      code: "EINVAL",
      path: "/t",
      kernelMessage: "copyup-test: no such thing; copyup-test: really not",
    }),
  );
});

it("leaves alone an error that has its sentence, or is none of the kernel's", () => {
  const told = new SystemError("mount", 22, undefined, "told");
  const other = new TypeError("bug");
  for (const error of [told, other]) {
    const act = () => {
      said("copyup-test: said");
      throw error;
    };
    expect(() => withKernelLog("copyup-test:", act)).toThrow(error);
  }
});

it("gives the result of what succeeds", () => {
  expect(withKernelLog("copyup-test:", () => 7)).toBe(7);
});
