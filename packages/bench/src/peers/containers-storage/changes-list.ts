import type { ChangeList } from "../../verify/same-changes.ts";

const KINDS = { Add: "add", Modify: "modify", Delete: "delete" } as const;

/** Lines as `Modify "/etc/passwd"`, the path as Go quotes it: the names of these trees need no more than JSON does. */
export function changesOf(text: string): ChangeList {
  const changes = new Map<string, "add" | "modify" | "delete">();
  for (const line of text.split("\n").filter(Boolean)) {
    const space = line.indexOf(" ");
    const kind = KINDS[line.slice(0, space) as keyof typeof KINDS];
    if (kind) changes.set((JSON.parse(line.slice(space + 1)) as string).slice(1), kind);
  }
  return changes;
}
