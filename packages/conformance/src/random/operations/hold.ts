import { O_RDONLY, O_RDWR } from "@copyup/linux";
import fc from "fast-check";
import { slot } from "../arguments.ts";
import type { Hold } from "../edit.ts";
import { openFile } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import { file } from "../wish.ts";

/** Opens a file and keeps it open while the program goes on: over copy-up, rename and unlink, until the next unmount. */
export const hold: Operation<Hold> = {
  name: "hold",
  generate: () => fc.record({ do: fc.constant("hold"), at: file, slot, writable: fc.boolean() }),
  run(ground, { at, slot, writable }) {
    const fd = openFile(ground, at, writable ? O_RDWR : O_RDONLY);
    ground.release(slot);
    ground.held.set(slot, { fd, writable, place: at });
  },
  writes: ({ at, writable }) => (writable ? [at] : []),
  tell: ({ at, slot, writable }, path) => `open ${path(at)} ${writable ? "O_RDWR" : "O_RDONLY"} as descriptor ${slot}`,
  shell: ({ at, slot, writable }, path) => `is_file ${path(at)} && exec ${slot + 5}${writable ? "<>" : "<"}${path(at)}`,
};
