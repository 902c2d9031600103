import type { DriverPromises, UncheckedRow } from "@copyup/conformance";
import type { Directory, Host } from "@copyup/core";

/** One filesystem's page: the document of `copyup conform --profile --json` is a list of them. */
export interface ProfilePage {
  readonly host: Host;
  readonly directory: Directory;
  /** `a fresh ext4 loop image held in memory` */
  readonly scratch: string;
  readonly drivers: readonly DriverPromises[];
  /** Behaviours that no check proves, so that silence is no promise. */
  readonly unchecked: readonly UncheckedRow[];
}
