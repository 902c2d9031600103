export type * from "./layer-store.ts";
export { type OpenStoreOptions, openStore } from "./open/open-store.ts";
export { readStoreInfo, type StoreInfo } from "./record/store-record.ts";
