import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { closedToOthers } from "../../../tools/closed-to-others.ts";
import { copyupAs, MAIN, USER_WITH_RANGES, type User } from "./as-user.ts";
import { copyup, temporaryDirectory } from "./command.ts";

beforeEach(({ skip }) => {
  const closed = closedToOthers();
  skip(closed !== null, closed ?? "");
});

/** A directory of the user's, and in it `base.tar`: d/hidden, and a file of uid 1000's. */
function ground({ uid }: User): string {
  const dir = temporaryDirectory();
  const tree = path.join(dir, "tree");
  mkdirSync(path.join(tree, "d"), { recursive: true });
  for (const file of ["d/hidden", "theirs"]) writeFileSync(path.join(tree, file), file);
  chownSync(path.join(tree, "theirs"), 1000, 1000);
  execFileSync("tar", ["-C", tree, "-cf", path.join(dir, "base.tar"), "."]);
  mkdirSync(path.join(dir, "target"));
  for (const name of [dir, path.join(dir, "target")]) chownSync(name, uid ?? 65534, uid ?? 65534);
  chmodSync(dir, 0o755);
  return dir;
}

const ok = (run: { status: number | null; stdout: string; stderr: string }) => {
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
  return run.stdout.trimEnd();
};

/** `copyup` in the namespace of a user, on the store `name`. */
function inside(user: User, dir: string, ...args: string[]) {
  return copyupAs(user, ["--quiet", "unshare", "--", "copyup", "--root", path.join(dir, "store"), ...args]);
}

/** Mounts a layer and replaces its directory d, so that it is opaque. */
const REPLACE = `
  root=$1 layer=$2 target=$3; shift 3
  "$@" --quiet --root "$root" mount "$layer" "$target" &&
  rm -r "$target/d" && mkdir "$target/d" && echo new >"$target/d/new" &&
  "$@" --quiet --root "$root" umount "$target"`;

describe("a store made in a user namespace", () => {
  it("keeps owners, is looked at by root, and is written and exported only by those who see its owners", () => {
    const user = USER_WITH_RANGES;
    const dir = ground(user);
    const [store, target] = [path.join(dir, "store"), path.join(dir, "target")];
    const base = ok(inside(user, dir, "--driver", "overlay2", "layer", "apply", path.join(dir, "base.tar")));
    const child = ok(inside(user, dir, "layer", "create", "--parent", base));
    const script = ["sh", "-c", REPLACE, "sh", store, child, target, process.execPath, MAIN];
    ok(copyupAs(user, ["--quiet", "unshare", "--", ...script]));
    ok(inside(user, dir, "layer", "commit", child));
    ok(inside(user, dir, "layer", "diff", base, "-o", path.join(dir, "base-again.tar")));
    const listed = execFileSync("tar", ["--numeric-owner", "-tvf", path.join(dir, "base-again.tar")], {
      encoding: "utf8",
    });
    expect(listed).toMatch(/1000\/1000 .* theirs/);

    const root = (...args: string[]) => copyup(["--root", store, ...args]);
    expect(ok(root("layer", "changes", child))).toMatch(/D \/d\/hidden\nA \/d\/new$/);
    expect(ok(root("store", "check"))).toContain("all well");
    ok(root("--quiet", "mount", "--ro", child, target));
    try {
      expect(readFileSync(path.join(target, "d/new"), "utf8")).toBe("new\n");
    } finally {
      ok(root("umount", target));
    }
    for (const refused of [
      ["layer", "diff", base],
      ["layer", "create", "--parent", child],
      ["mount", child, target],
    ]) {
      const { status, stdout, stderr } = root(...refused);
      expect([status, stdout]).toEqual([3, ""]);
      expect(stderr).toMatch(/^copyup: NEEDS_NAMESPACE: .*uids 0 are 64321 outside, 1-65536 are 700000-765535 outside/);
      expect(stderr).toContain("as uid 64321: `copyup unshare");
    }
    // With one id the others are nobody's.
    const oneId = copyupAs(user, [
      "--quiet",
      "unshare",
      "--one-id",
      "--",
      "copyup",
      "--root",
      store,
      "layer",
      "diff",
      base,
    ]);
    expect([oneId.status, oneId.stdout]).toEqual([3, ""]);
    // Nothing of root's was left there.
    expect(ok(inside(user, dir, "layer", "ls"))).toContain(child);
    ok(inside(user, dir, "layer", "rm", child));
  });

  it("is written by whoever sees more ids, and then no more by those who do not", () => {
    const user = USER_WITH_RANGES;
    const dir = ground(user);
    const one = (...args: string[]) =>
      copyupAs(user, ["--quiet", "unshare", "--one-id", "--", "copyup", "--root", path.join(dir, "store"), ...args]);
    const id = ok(one("--driver", "overlay2", "layer", "create"));
    const child = copyupAs(user, [
      "--quiet",
      "unshare",
      "--",
      "copyup",
      "--root",
      path.join(dir, "store"),
      "layer",
      "commit",
      id,
    ]);
    expect(child.status).toBe(0);
  });

  it("takes layers by root in the parent's dialect, where root's ids are the same", () => {
    const dir = ground({ uid: 0 });
    const store = path.join(dir, "store");
    const inNamespace = spawnSync(
      "unshare",
      ["-Urm", process.execPath, MAIN, "--root", store, "--driver", "overlay2", "layer", "create"],
      { encoding: "utf8" },
    );
    const base = ok(inNamespace);
    ok(copyup(["--quiet", "--root", store, "layer", "commit", base]));
    const child = ok(copyup(["--root", store, "layer", "create", "--parent", base]));
    expect(JSON.parse(ok(copyup(["--json", "--root", store, "layer", "show", child])))).toMatchObject({
      dialect: "overlay-user",
    });
    ok(copyup(["--quiet", "--root", store, "mount", child, path.join(dir, "target")]));
    ok(copyup(["--root", store, "umount", path.join(dir, "target")]));
  });
});

describe("a store made by root", () => {
  it("shows nobody in a user namespace what it has deleted: its marks cannot be seen there", () => {
    const dir = ground({ uid: 0 });
    const [store, target] = [path.join(dir, "store"), path.join(dir, "target")];
    const root = (...args: string[]) => copyup(["--root", store, ...args]);
    const base = ok(root("--driver", "overlay2", "layer", "apply", path.join(dir, "base.tar")));
    const child = ok(root("layer", "create", "--parent", base));
    execFileSync("sh", ["-c", REPLACE, "sh", store, child, target, process.execPath, MAIN]);
    ok(root("layer", "commit", child));
    const there = (...args: string[]) =>
      copyup(["--quiet", "unshare", "--one-id", "--", "copyup", "--root", store, ...args]);
    expect(ok(there("layer", "ls"))).toContain(child);
    for (const refused of [
      ["layer", "changes", child],
      ["layer", "diff", child],
      ["mount", "--ro", child, target],
      ["layer", "create", "--parent", child],
    ]) {
      const { status, stdout, stderr } = there(...refused);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^copyup: NEEDS_PRIVILEGE: .*trusted\.overlay\.\* xattrs, which nobody sees here/);
      expect(stderr).toContain("copyup layer diff ID");
    }
  });

  it("is closed to other users, who are told so", () => {
    const dir = ground({ uid: 0 });
    ok(copyup(["--root", path.join(dir, "store"), "--driver", "overlay2", "layer", "create"]));
    for (const verb of [["ls"], ["changes", "x"], ["create"]]) {
      const { status, stderr } = inside({}, dir, "layer", ...verb);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^copyup: NEEDS_PRIVILEGE: .*EACCES\n {2}the store is another user's/);
    }
  });
});
