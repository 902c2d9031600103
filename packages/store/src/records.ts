/** The records of a store, for who needs no driver. */
export { readLayers, type StoredLayers } from "./open/read-layers.ts";
export { readStoreInfo, type StoreInfo } from "./record/store-record.ts";
