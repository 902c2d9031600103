export { InodeMap, NO_INODE } from "./inode-map.ts";
export { type Inode, InodeTable } from "./inode-table.ts";
export { OpenGroups } from "./open-groups.ts";
