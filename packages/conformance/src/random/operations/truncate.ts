import { ftruncateSync } from "node:fs";
import { closeFd, O_WRONLY } from "@copyup/linux";
import fc from "fast-check";
import { size } from "../arguments.ts";
import type { Truncate } from "../edit.ts";
import { openFile } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import { file } from "../wish.ts";

export const truncate: Operation<Truncate> = {
  name: "truncate",
  generate: () => fc.record({ do: fc.constant("truncate"), at: file, size }),
  run(ground, { at, size }) {
    const fd = openFile(ground, at, O_WRONLY);
    try {
      ftruncateSync(fd, size);
    } finally {
      closeFd(fd);
    }
  },
  writes: ({ at }) => [at],
  tell: ({ at, size }, path) => `truncate ${path(at)} to ${size}`,
  shell: ({ at, size }, path) => `is_file ${path(at)} && truncate -c -s ${size} ${path(at)}`,
};
