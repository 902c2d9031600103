import { DEBIAN_KERNELS } from "./kernels/debian-suites.ts";
import { DRIVERS, FILESYSTEMS } from "./request.ts";
import { SMOKE } from "./smoke.ts";

const debian = Object.keys(DEBIAN_KERNELS);

export const USAGE = `Runs the conformance suite inside virtual machines, on other kernels than this one (QEMU, software emulation).

  npm run test:vm -- [options]
  npm run matrix -- [options]      the same with --matrix, then reports/matrix.html, .json and README's table

  --kernel KERNEL   debian:${debian.join(" | debian:")}, or the path of a kernel image;
                    may be repeated (default: debian:6.1)
  --modules DIR     where lib/modules/<release> of a kernel given by path lies
  --driver NAME     ${DRIVERS.join(", ")} (aufs: only with a kernel of your own that has it);
                    may be repeated (default: overlay2 and plain-copy)
  --fs NAMES        ${FILESYSTEMS.join(", ")} (default: ext4)
  --only ID         only these checks: an id or its beginning; may be repeated
  --require NAME    a skipped check of this driver is a failure
  --heavy           the checks that take long, too
  --runs N          random programs of each differential check
  --seed N          for reproducible random choices
  --results DIR     keep each finished cell there, and go on where an interrupted run stopped
  --cache DIR       where downloaded kernels are kept (default: \${XDG_CACHE_HOME:-~/.cache}/copyup/kernels)
  --limit SECONDS   for one cell (default: 1800)
  --memory MB       of a guest (default: 2048)
  --jobs N          guests at a time, one processor each (default: 1, with two processors)
  --keep            leave the guests' console logs and what they were booted from

  --matrix          ${debian.length} kernels × ${FILESYSTEMS.length} filesystems × 3 drivers: the whole suite on ext4, elsewhere the checks that
                    rest on the filesystem. --kernel FILE adds that kernel with aufs; every other option narrows it.
                    --without-debian leaves Debian's kernels out, so that only those of --kernel FILE run.
                    Sets --jobs 2 --runs 10 --seed 1 --results reports/matrix
  --smoke           ${SMOKE.length} checks of overlay2 on debian:${debian[0]} and debian:${debian.at(-1)}: what CI runs

  npm run test:vm -- --kernel debian:5.10 --only LA
  npm run test:vm -- --kernel debian:6.1 --kernel debian:7.x --fs ext4,xfs --results vm-results
  npm run test:vm -- --kernel /boot/vmlinuz-6.1-aufs --modules /srv/aufs --driver aufs
  npm run matrix -- --kernel /srv/aufs/bzImage
  npm run matrix -- --kernel /srv/aufs/bzImage --without-debian
`;
