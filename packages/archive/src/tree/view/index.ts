export { closeContent, contentFd } from "./content-fd.ts";
export * from "./marks.ts";
export { openView } from "./open-view.ts";
export { ViewCursor } from "./view-cursor.ts";
export { ViewDirectory, ViewEntry } from "./view-directory.ts";
export { layerXattrs, type ShownXattr, shownXattrNames, xattrPath } from "./xattrs.ts";
