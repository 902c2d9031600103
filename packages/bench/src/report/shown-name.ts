import type { Role } from "../workload.ts";

interface Named {
  readonly name: string;
  readonly role: Role;
}

/** A driver and the program that it drives have one name, and stand side by side. */
export function shownName({ name, role }: Named, all: readonly Named[]): string {
  const alone = role !== "peer" || all.every((one) => one.name !== name || one.role === role);
  return alone ? name : `${name}, the program alone`;
}
