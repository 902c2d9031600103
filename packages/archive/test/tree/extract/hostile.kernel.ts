import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { extractLayer } from "../../../src/tree/extract/index.ts";
import { dir, file, hardlink, mark, names, root, symlink } from "./entries.ts";
import { applyChain, DIALECTS, oneRefusal, oneView } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { type TestEntry, tarOf } from "./tar-of.ts";

const scratch = scratchOnExt4();

/** The catalogue's malicious archives, by their ids. A host's file lies beside the layers; it must never change. */
async function withVictim(run: (host: string) => Promise<void>): Promise<void> {
  const host = scratch.directory("host");
  writeFileSync(`${host}/victim`, "untouched", { mode: 0o640 });
  await run(host);
  expect(readFileSync(`${host}/victim`, "utf8")).toBe("untouched");
  expect(readdirSync(host)).toEqual(["victim"]);
}

describe("malicious archives", () => {
  test.each(["../pwn", "a/../../pwn", "a/..", "..", "a/../b", ".././pwn", "/../pwn"])(
    "MT01 %s is refused",
    async (path) => {
      const refusal = await oneRefusal(scratch, [dir("a"), file(path)]);
      expect(refusal.code).toBe("BAD_ARCHIVE");
      expect(refusal.message).toContain("..");
      expect(existsSync(`${scratch.path}/pwn`)).toBe(false);
    },
  );

  test("MT02 an absolute path is one inside the root", async () => {
    expect(names(await oneView(scratch, [file("/etc/x"), file("//etc//y"), file("/./etc/./z")]))).toEqual([
      ...[".", "etc", "etc/x", "etc/y", "etc/z"],
    ]);
  });

  test("MT03 a symlink out of the root leads to the same path inside it", async () => {
    await withVictim(async (host) => {
      const view = await oneView(scratch, [symlink("ln", host), file("ln/victim", "pwned"), file("ln/pwn")]);
      expect(view[`${host.slice(1)}/victim`]?.data).toBe("pwned");
    });
  });

  test("MT04 a hard link to a file outside is refused, and nothing is written through one", async () => {
    await withVictim(async (host) => {
      for (const target of [`${host}/victim`, `../../../../../..${host}/victim`]) {
        const layer = [hardlink("h", target), file("h", "pwned")];
        expect(await oneRefusal(scratch, layer)).toMatchObject({ code: "BAD_ARCHIVE" });
      }
      const through = [symlink("s", host), hardlink("h", "s/victim"), file("h", "pwned")];
      expect(await oneRefusal(scratch, through)).toMatchObject({ code: "BAD_ARCHIVE" });
    });
  });

  test("MT04 a hard link to a symlink that points outside is a link to the symlink", async () => {
    await withVictim(async (host) => {
      const view = await oneView(scratch, [symlink("s", `${host}/victim`), hardlink("h", "s"), file("h", "pwned")]);
      expect(view.h).toMatchObject({ type: "file", data: "pwned" });
    });
  });

  test("MT05 chains of symlinks, and symlinks that climb, stay inside", async () => {
    const layer = [
      symlink("a", "."),
      symlink("b", "a/../.."),
      symlink("c", "b/../b"),
      symlink("up", "../../.."),
      file("c/up/x"),
    ];
    expect(names(await oneView(scratch, layer))).toEqual([".", "a", "b", "c", "up", "x"]);
  });

  test("MT05 41 symlinks are too many, 40 are not", async () => {
    const chain = (count: number) => [
      dir("0"),
      ...Array.from({ length: count }, (_, i) => symlink(`${i + 1}`, `${i}`)),
      file(`${count}/x`),
    ];
    expect((await oneView(scratch, chain(40)))["0/x"]).toBeDefined();
    expect(await oneRefusal(scratch, chain(41))).toMatchObject({ code: "BAD_ARCHIVE" });
  });

  test("MT06 a directory that becomes a symlink out of the root between two entries", async () => {
    await withVictim(async (host) => {
      const view = await oneView(scratch, [dir("d"), file("d/1"), symlink("d", host), file("d/victim", "pwned")]);
      expect(view[`${host.slice(1)}/victim`]?.data).toBe("pwned");
    });
  });

  test("MT07 nothing is written through a symlink of the view below", async () => {
    await withVictim(async (host) => {
      const view = await oneView(scratch, [root, symlink("s", host)], [file("s/victim", "pwned")]);
      expect(view.s?.type).toBe("directory");
      expect(view["s/victim"]?.data).toBe("pwned");
    });
  });

  test.each([".wh.../x", ".wh...", ".wh..", ".wh./etc", "d/.wh...", "d/.wh../x", "../.wh.host"])(
    "MT08 %s is refused",
    async (path) => {
      expect(await oneRefusal(scratch, [root, dir("d")], [mark(path)])).toMatchObject({ code: "BAD_ARCHIVE" });
    },
  );

  test("MT08 a whiteout through a symlink is refused", async () => {
    await withVictim(async (host) => {
      const layer = [symlink("s", host), mark("s/.wh.victim")];
      expect(await oneRefusal(scratch, layer)).toMatchObject({ code: "BAD_ARCHIVE" });
    });
  });

  test.each<[string, TestEntry]>([
    ["an opaque marker as a directory", dir(".wh..wh..opq")],
    ["an opaque marker as a symlink", symlink(".wh..wh..opq", "x")],
    ["a whiteout as a symlink", symlink(".wh.x", "y")],
    ["a whiteout as a fifo", { path: ".wh.x", type: "fifo" }],
    ["a whiteout as a device", { path: ".wh.x", type: "char", dev: [0, 0] }],
  ])("MT09 %s is refused", async (_, entry) => {
    expect(await oneRefusal(scratch, [entry])).toMatchObject({ code: "BAD_ARCHIVE" });
  });

  test("MT10 overlay's private xattrs never reach the layer", async () => {
    const xattrs = Object.fromEntries(
      ["trusted.overlay.", "user.overlay.", "trusted.overlay.overlay."].flatMap((prefix) => [
        [`${prefix}opaque`, "y"],
        [`${prefix}redirect`, "/etc"],
        [`${prefix}metacopy`, ""],
        [`${prefix}whiteout`, ""],
      ]),
    );
    const kept = { "user.kept": "1", "trusted.kept": "2" };
    const base = [root, dir("d"), file("d/below")];
    const entries = [{ ...root, xattrs: { ...xattrs, ...kept } }, dir("d", { xattrs: { ...xattrs, ...kept } })];
    const view = await oneView(scratch, base, [...entries, file("f", "", { xattrs: { ...xattrs, ...kept } })]);
    expect(view["."]?.xattrs).toEqual(kept);
    expect(view.d?.xattrs).toEqual(kept);
    expect(view.f?.xattrs).toEqual(kept);
    expect(view["d/below"]).toBeDefined();
  });

  test("MT10 labels and hashes of security modules are left out", async () => {
    const xattrs = {
      "security.selinux": "system_u:object_r:etc_t:s0\0",
      "security.ima": "\x04\x04",
      "security.evm": "\x02",
    };
    expect((await oneView(scratch, [file("f", "", { xattrs })])).f).not.toHaveProperty("xattrs");
  });

  test("MT11 a character device 0:0 is refused: it would be a whiteout on one driver and a device on another", async () => {
    const refusal = await oneRefusal(scratch, [root, file("f")], [{ path: "f", type: "char", dev: [0, 0] }]);
    expect(refusal).toMatchObject({ code: "NOT_REPRESENTABLE" });
    expect(refusal.message).toMatch(/^f: /);
  });

  test("MT12 file, directory and symlink of one name: the last wins, nothing escapes", async () => {
    await withVictim(async (host) => {
      const layer = [
        file("x"),
        dir("x"),
        file("x/y"),
        symlink("x", host),
        file("x/z"),
        symlink("x", "t"),
        dir("t"),
        file("x/w"),
      ];
      const view = await oneView(scratch, layer);
      expect(view.x).toMatchObject({ type: "symlink", link: "t" });
      expect(view["t/w"]).toBeDefined();
      expect(view[`${host.slice(1)}/z`]).toBeDefined();
    });
  });

  test("MT13 an archive cut anywhere is refused", async () => {
    const whole = tarOf([root, file("f", "x".repeat(1000), { xattrs: { "user.a": "b" } }), dir("d")]);
    const end = whole.length - 1024;
    for (let length = 1; length < end; length += 173) {
      if (length % 512 === 0) continue;
      const dialect = DIALECTS[length % DIALECTS.length]!;
      await expect(applyChain(scratch.path, dialect, [whole.subarray(0, length)]), `${length}`).rejects.toMatchObject({
        code: "BAD_ARCHIVE",
      });
    }
  });

  test("MT13 entries, and directories that entries only imply, are limited", async () => {
    const limited = (layer: TestEntry[], limits: object) => applyChain(scratch.path, "tree", [layer], { limits });
    await expect(limited([file("a"), file("b"), file("c")], { maxEntries: 2 })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    await expect(limited([file("a/b/c/d/e/f")], { maxEntries: 4 })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    await expect(limited([file("a", "12345")], { maxContentBytes: 4 })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
  });

  test("MT13 the deepest path there can be", async () => {
    const deepest = `${"a/".repeat(2047)}b`;
    const [part] = await applyChain(scratch.path, "overlay-trusted", [[file(deepest)]]);
    // Too deep to be named by a path from the root.
    process.chdir(part!.dir);
    try {
      process.chdir("a/".repeat(1000));
      expect(existsSync(`${"a/".repeat(1047)}b`)).toBe(true);
    } finally {
      process.chdir("/");
    }
    expect(await oneRefusal(scratch, [file(`${deepest}c`)])).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("MT13 a path that only symlinks make too long", async () => {
    const layer = [dir("b/b/b"), symlink("s", "b/b/b"), file("s/b/b/b/x")];
    const limited = (maxPathBytes: number) => applyChain(scratch.path, "tree", [layer], { limits: { maxPathBytes } });
    await expect(limited(11)).resolves.toHaveLength(1);
    await expect(limited(10)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test.each(["\\", "a\nb", " ", "-rf", "*", "\u0001", "nul%00", "ünï", "a".repeat(242)])(
    "MT14 the name %j is kept",
    async (name) => {
      const view = await oneView(scratch, [file(name, "content"), dir(`d/${name}`), symlink("s", name)]);
      expect(view[Buffer.from(name).toString("latin1")]?.data).toBe("content");
    },
  );

  test("MT14 a name that is no UTF-8 is kept byte by byte", async () => {
    const view = await oneView(scratch, [{ path: Buffer.from("\xff\xfe\x80", "latin1"), data: "content" }]);
    expect(view["\xff\xfe\x80"]?.data).toBe("content");
  });

  test("MT14 names of 256 bytes are refused; those over 242 by aufs alone", async () => {
    expect(await oneRefusal(scratch, [file("a".repeat(256))])).toMatchObject({ code: "LIMIT_EXCEEDED" });
    const long = "a".repeat(243);
    for (const layer of [
      [file(long)],
      [dir(long)],
      [file(`${long}/x`)],
      [symlink(long, "x")],
      [file("x"), hardlink(long, "x")],
    ]) {
      expect((await applyChain(scratch.path, "tree", [layer])).length).toBe(1);
      await expect(applyChain(scratch.path, "aufs", [layer])).rejects.toMatchObject({
        code: "NOT_REPRESENTABLE",
        message: expect.stringContaining("243 bytes"),
      });
    }
  });

  test("MT16 an entry for the root changes attributes alone", async () => {
    await withVictim(async () => {
      const before = readdirSync(scratch.path);
      const view = await oneView(scratch, [dir("/", { mode: 0o777, uid: 3 })]);
      expect(view["."]).toMatchObject({ mode: "777", owner: "3:0" });
      expect(readdirSync(scratch.path).filter((name) => !/-/.test(name) && name !== "empty")).toEqual(before);
    });
  });

  test("a directory that is not empty is not written into", async () => {
    const target = scratch.directory("full");
    mkdirSync(`${target}/content`);
    const extraction = extractLayer([tarOf([file("f")])], { dir: target, dialect: "tree", below: null });
    await expect(extraction).rejects.toMatchObject({ code: "EXISTS" });
    expect(readdirSync(target)).toEqual(["content"]);
  });
});
