import { describeDirectory } from "@copyup/linux";
import type { Ground } from "../../ground/ground.ts";

/** What gives a container its files without any driver. */
export interface Copier {
  readonly name: string;
  readonly program: readonly [string, ...string[]];
  readonly absent: string | undefined;
}

export function copiers({ dir }: Ground): Copier[] {
  const shares = describeDirectory(dir).reflink;
  return [
    { name: "cp -a", program: ["cp", "-a", "--reflink=never"], absent: undefined },
    {
      name: "cp --reflink",
      program: ["cp", "-a", "--reflink=always"],
      absent: shares ? undefined : "this filesystem shares no blocks between files (xfs and btrfs do)",
    },
  ];
}
