import { expect, test } from "vitest";
import { copyup } from "../command.ts";

interface Claim {
  check: string;
  where: string | null;
}
interface Page {
  directory: { filesystem: string };
  drivers: { driver: string; works: boolean; families: Record<"disclaims" | "elsewhere", Claim[]>[] }[];
}

const claims = (page: Page | undefined, kind: "disclaims" | "elsewhere") =>
  page?.drivers[0]?.families.flatMap((family) => family[kind]) ?? [];

test("conform --profile describes each filesystem it is given: what is disclaimed on one is elsewhere on another", () => {
  const run = copyup(["conform", "--profile", "overlay2", "--fs", "tmpfs,btrfs", "--json"]);
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  const [tmpfs, btrfs] = JSON.parse(run.stdout) as Page[];
  expect([tmpfs?.directory.filesystem, btrfs?.directory.filesystem]).toEqual(["tmpfs", "btrfs"]);
  const subdirectories = expect.objectContaining({ check: "ME04", where: "except on btrfs" });
  expect(claims(tmpfs, "disclaims")).toContainEqual(subdirectories);
  expect(claims(btrfs, "elsewhere")).toContainEqual(subdirectories);
  const everywhere = expect.objectContaining({ check: "CU07", where: null });
  for (const page of [tmpfs, btrfs]) expect(claims(page, "disclaims")).toContainEqual(everywhere);
});
