import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

describe.each(["overlay2", "plain-copy"])("mounting by command: %s", (driver) => {
  test("a container's life: apply, create, mount, edit, umount, commit, diff", () => {
    const dir = temporaryDirectory();
    const global = ["--root", path.join(dir, "store"), "--driver", driver];
    const tree = path.join(dir, "tree");
    const target = path.join(dir, "mnt");
    mkdirSync(tree);
    mkdirSync(target);
    writeFileSync(path.join(tree, "kept"), "from the image\n");
    writeFileSync(path.join(tree, "gone"), "to be deleted\n");
    const image = copyup([...global, "layer", "import", tree]).last;

    const refused = copyup([...global, "mount", image, target]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("NOT_ACTIVE");
    expect(refused.stderr).toContain("--ro");

    const box = copyup([...global, "layer", "create", "--parent", image]).last;
    expect(copyup([...global, "mount", box, path.join(dir, "nowhere")]).stderr).toContain("BAD_TARGET");
    const mounted = copyup([...global, "mount", box, target]);
    expect(mounted.stderr).toBe("");
    expect(readFileSync(path.join(target, "kept"), "utf8")).toBe("from the image\n");
    writeFileSync(path.join(target, "made"), "in the container\n");
    rmSync(path.join(target, "gone"));

    expect(copyup([...global, "layer", "changes", box]).stdout).toBe("M /\nD /gone\nA /made\n");
    expect(copyup([...global, "layer", "commit", box]).stderr).toContain("LAYER_IN_USE");
    expect(copyup([...global, "umount", target]).status).toBe(0);
    expect(copyup([...global, "umount", target]).stderr).toContain("NOT_MOUNTED");
    expect(copyup([...global, "layer", "commit", box, "--diff-id"]).status).toBe(0);

    expect(copyup([...global, "mount", "--ro", box, target]).status).toBe(0);
    expect(readFileSync(path.join(target, "made"), "utf8")).toBe("in the container\n");
    expect(() => writeFileSync(path.join(target, "no"), "")).toThrow(/EROFS/);
    expect(copyup([...global, "layer", "rm", box]).stderr).toContain("LAYER_IN_USE");
    expect(copyup([...global, "umount", target]).status).toBe(0);
  });

  test("a busy umount names the holder", () => {
    const dir = temporaryDirectory();
    const global = ["--root", path.join(dir, "store"), "--driver", driver];
    const target = path.join(dir, "mnt");
    mkdirSync(target);
    const box = copyup([...global, "layer", "create"]).last;
    copyup([...global, "mount", box, target]);
    const before = process.cwd();
    process.chdir(target);
    try {
      const busy = copyup([...global, "umount", target]);
      expect(busy.status).toBe(1);
      expect(busy.stderr).toContain("MOUNT_BUSY");
      expect(busy.stderr).toContain(String(process.pid));
    } finally {
      process.chdir(before);
    }
    expect(copyup([...global, "umount", target]).status).toBe(0);
  });
});
