import { closeFd, O_APPEND, O_WRONLY, writeFd } from "@copyup/linux";
import fc from "fast-check";
import { fill, size } from "../arguments.ts";
import type { Append } from "../edit.ts";
import { openFile } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import { file } from "../wish.ts";

export const append: Operation<Append> = {
  name: "append",
  generate: () => fc.record({ do: fc.constant("append"), at: file, size, fill }),
  run(ground, { at, size, fill }) {
    const fd = openFile(ground, at, O_WRONLY | O_APPEND);
    try {
      writeFd(fd, Buffer.alloc(size, fill));
    } finally {
      closeFd(fd);
    }
  },
  writes: ({ at }) => [at],
  tell: ({ at, size, fill }, path) => `append to ${path(at)} ${size} times "${fill}"`,
  shell: ({ at, size, fill }, path) => `is_file ${path(at)} && fill ${size} ${fill} >>${path(at)}`,
};
