import { createInterface } from "node:readline";

export interface Lines {
  /** Null at the end of the input. */
  next(): Promise<string | null>;
  close(): void;
}

export function linesOf(input: NodeJS.ReadableStream): Lines {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async next() {
      const line = await lines.next();
      return line.done ? null : line.value;
    },
    close: () => reader.close(),
  };
}
