import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Of all sources that run in the guest: the packages', and the guest's own. */
export function codeFingerprint(project: string): string {
  const hash = createHash("sha256");
  const packages = readdirSync(path.join(project, "packages")).map((name) => path.join("packages", name, "src"));
  for (const directory of [...packages, "test-vm/guest"].sort())
    for (const file of readdirSync(path.join(project, directory), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort())
      hash
        .update(`${path.relative(project, file)}\0`)
        .update(readFileSync(file))
        .update("\0");
  return hash.digest("hex");
}
