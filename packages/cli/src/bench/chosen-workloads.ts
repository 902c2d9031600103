import { type Maker, WORKLOADS } from "@copyup/bench";
import { StorageError } from "@copyup/core";

/** Those named, in the catalogue's order; without names all that do not take minutes. Throws BAD_OPTION. */
export function chosenWorkloads(names: readonly string[], all: boolean): Maker[] {
  const known = WORKLOADS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "bench",
      message: `there is no workload ${unknown}`,
      hint: `there are ${known.join(", ")}`,
    });
  }
  return WORKLOADS.filter(({ name, long }) => (names.length > 0 ? names.includes(name) : all || !long));
}
