import type { DriverModule } from "@copyup/core";
import { applyAndWait } from "./apply-and-wait.ts";
import { liveInNamespace } from "./live-in-namespace.ts";
import { mountAndWait } from "./mount-and-wait.ts";
import { ordinaryUser } from "./ordinary-user.ts";
import { repeatVerb } from "./repeat-verb.ts";

export interface ProgramContext {
  readonly driver: DriverModule;
  /** Of the store. */
  readonly root: string;
  readonly args: readonly string[];
  /** A line to the check. */
  say(line: string): void;
  /** The next line from the check; null when it has ended. */
  next(): Promise<string | null>;
}

export type Program = (context: ProgramContext) => Promise<void>;

export const programs = {
  "apply-and-wait": applyAndWait,
  "live-in-namespace": liveInNamespace,
  "mount-and-wait": mountAndWait,
  "ordinary-user": ordinaryUser,
  "repeat-verb": repeatVerb,
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;
