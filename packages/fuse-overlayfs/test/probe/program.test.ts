import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseVersion, programFinding } from "../../src/probe/program.ts";

describe("the program's version", () => {
  it("stands among those of libfuse", () => {
    const said =
      "fusermount3 version: 3.14.0\nfuse-overlayfs: version 1.10\nFUSE library version 3.14.0\nusing FUSE kernel interface version 7.31\n";
    expect(parseVersion(said)).toBe("1.10");
    expect(parseVersion("fuse-overlayfs: version 1.13.1")).toBe("1.13.1");
    expect(parseVersion("fuse-overlayfs: command not found")).toBeNull();
  });
});

function program(script: string, mode = 0o755): string {
  const dir = mkdtempSync(join(tmpdir(), "copyup-program-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "fuse-overlayfs");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, mode);
  return file;
}

describe("the program", () => {
  it("that answers is found", () => {
    const file = program("echo fuse-overlayfs: version 1.13.1");
    expect(programFinding(file)).toMatchObject({ ok: true, evidence: `${file} is version 1.13.1`, fix: null });
  });

  it("that is too slow is not called missing", () => {
    const { ok, evidence, fix } = programFinding(program("exec sleep 60"), 300);
    expect(ok).toBe(false);
    expect(evidence).toMatch(/fuse-overlayfs --version took longer than 0\.3 s/);
    expect(fix).toMatch(/it is installed.*try again/);
    expect(fix).not.toMatch(/install the/);
  });

  it("that cannot be started is told with the kernel's word", () => {
    expect(programFinding(program("", 0o644))).toMatchObject({
      ok: false,
      evidence: expect.stringMatching(/cannot be started: EACCES$/),
      fix: expect.stringContaining("may be executed"),
    });
  });

  it("that is broken is told with what it says", () => {
    const { evidence, fix } = programFinding(program("echo libfuse3.so.3: not found >&2; exit 127"));
    expect(evidence).toMatch(/says "libfuse3\.so\.3: not found\\n" and ends with status 127$/);
    expect(fix).toMatch(/anew$/);
  });

  it("that is nowhere is to be installed", () => {
    expect(programFinding(null)).toMatchObject({
      ok: false,
      fix: expect.stringMatching(/^install the Debian package/),
    });
  });
});
