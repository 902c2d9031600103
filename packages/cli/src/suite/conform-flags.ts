import type { ScratchFilesystem } from "@copyup/conformance";
import type { Format } from "./outputs.ts";

/** The options of `copyup conform`, as commander hands them over. */
export interface ConformFlags {
  readonly only?: string[];
  readonly filesystemRows?: boolean;
  readonly format?: Format;
  readonly out?: string[];
  readonly require?: string[];
  readonly seed?: number;
  readonly runs?: number;
  readonly heavy?: boolean;
  readonly fs?: ScratchFilesystem[];
  readonly keep?: boolean;
  readonly profile?: boolean;
  readonly verbose?: boolean;
  readonly results?: string;
  readonly fresh?: boolean;
  readonly work?: string;
}
