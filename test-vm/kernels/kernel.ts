/** A kernel that can be booted: its image, and its modules if it has any outside. */
export interface Kernel {
  /** For tables and file names: `debian-6.1`, `my-bzImage`. */
  readonly name: string;
  /** The bzImage. */
  readonly image: string;
  /** The directory that holds `lib/modules/<release>`; null where everything is built in. */
  readonly moduleRoot: string | null;
  /** `uname -r`, which is also the name of the modules' directory; null where only booting will tell. */
  readonly release: string | null;
  /** Version of the distribution's package: `Debian 6.1.176-1`; null for one given by path. */
  readonly package: string | null;
}
