export * from "./codec/index.ts";
export * from "./compress/index.ts";
export * from "./tree/extract/index.ts";
export * from "./tree/index.ts";
