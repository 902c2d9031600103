/**
 * What a driver declares it does and does not do on one host. A claim is about a behaviour the conformance suite knows by
 * its check ids. A driver lists only its deviations: whatever it does not mention it promises to do as the reference model
 * (a plain directory) does.
 */
export interface Profile {
  readonly driver: string;
  readonly deviations: readonly Deviation[];
  /**
   * Deviations known of other kernels, filesystems or users, each with `where`. They don't hold here: nothing is compared
   * with them. They tell a reader what changes when the host does.
   */
  readonly elsewhere?: readonly Deviation[];
}

export interface Deviation {
  /** The check that proves it, e.g. `CU07`. One deviation a check. */
  readonly check: string;
  /**
   * Which of the check's known outcomes is expected instead of the reference's; the suite compares the outcome with this
   * word, e.g. `link-broken`, `EXDEV`. So a driver that suddenly behaves better fails too, until its profile says so.
   */
  readonly outcome: string;
  /** Why, in a sentence for the person who reads the report. */
  readonly because: string;
  /** Document, commit or test that says so. */
  readonly source?: string;
  /** Where it holds, in words that end a sentence: `before Linux 6.7`, `without reflink`. Everywhere if nothing is said. */
  readonly where?: string;
  /** The kernel version it changed in, e.g. `6.7`, if `where` speaks of one. */
  readonly changedIn?: string;
}
