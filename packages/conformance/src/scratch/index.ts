export { type ImageFilesystem, type LoopImage, type LoopImageOptions, mountLoopImage } from "./loop-image.ts";
export { type OpenScratch, openScratch, type Scratch, type ScratchOptions, withScratch } from "./scratch.ts";
export { canMakeImages, SCRATCH_FILESYSTEMS, type ScratchFilesystem, whyNoFilesystem } from "./why-no-image.ts";
