import { AT_FDCWD, O_RDWR } from "../constants.ts";
import { check, EBUSY, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { addressOf } from "../ffi/memory.ts";
import { closeFd, openAt } from "../files/files.ts";

const LOOP_CTL_GET_FREE = 0x4c82;
const LOOP_CONFIGURE = 0x4c0a;
const LO_FLAGS_AUTOCLEAR = 4;

/**
 * Attaches an image file to a free loop device (LOOP_CONFIGURE, since 5.8). Autoclear: the kernel detaches it with the last
 * unmount or close, so a killed process leaves none behind. Keep `fd` open until it is mounted.
 */
export function attachLoop(image: string): { path: string; fd: number } {
  const control = openAt(AT_FDCWD, "/dev/loop-control", O_RDWR);
  const file = openAt(AT_FDCWD, image, O_RDWR);
  try {
    for (let attempt = 0; attempt < 32; attempt++) {
      const index = check(libc.ioctl(control, LOOP_CTL_GET_FREE, 0), "ioctl LOOP_CTL_GET_FREE");
      const path = `/dev/loop${index}`;
      const fd = openAt(AT_FDCWD, path, O_RDWR);
      const config = Buffer.alloc(304);
      config.writeUInt32LE(file, 0);
      // loop_info64 begins at 8; lo_flags is its 52nd byte.
      config.writeUInt32LE(LO_FLAGS_AUTOCLEAR, 8 + 52);
      const result = libc.ioctl(fd, LOOP_CONFIGURE, addressOf(config));
      if (result === 0) return { path, fd };
      closeFd(fd);
      // Somebody else took it between the two calls.
      if (result !== -EBUSY) check(result, "ioctl LOOP_CONFIGURE", path);
    }
    throw new SystemError("ioctl LOOP_CONFIGURE", EBUSY, image);
  } finally {
    closeFd(file);
    closeFd(control);
  }
}
