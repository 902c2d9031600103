/**
 * Which Debian suites carry a kernel of a version, first choice first. 7.x moves from forky to the next name in time; sid
 * always has the newest.
 */
export const DEBIAN_KERNELS: Readonly<Record<string, readonly string[]>> = {
  "5.10": ["bullseye", "bullseye-security"],
  "6.1": ["bookworm"],
  "6.12": ["bookworm-backports", "trixie"],
  "7.x": ["forky", "sid"],
};
