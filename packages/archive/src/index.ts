export * from "./tree/index.ts";
export * from "./tree/extract/index.ts";
