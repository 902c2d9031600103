import { writeSync } from "node:fs";
import { closeFd, O_WRONLY } from "@copyup/linux";
import fc from "fast-check";
import { fill, offset, size } from "../arguments.ts";
import type { Write } from "../edit.ts";
import { openFile } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import { file } from "../wish.ts";

export const write: Operation<Write> = {
  name: "write",
  generate: () => fc.record({ do: fc.constant("write"), at: file, offset, size, fill }),
  run(ground, { at, offset, size, fill }) {
    const fd = openFile(ground, at, O_WRONLY);
    try {
      writeSync(fd, Buffer.alloc(size, fill), 0, size, offset);
    } finally {
      closeFd(fd);
    }
  },
  writes: ({ at }) => [at],
  tell: ({ at, offset, size, fill }, path) => `write ${path(at)} ${size} times "${fill}" at ${offset}`,
  shell: ({ at, offset, size, fill }, path) => `put ${path(at)} ${offset} ${size} ${fill}`,
};
