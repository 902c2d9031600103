export { type ImageFilesystem, type LoopImage, type LoopImageOptions, mountLoopImage } from "./loop-image.ts";
export { canMakeImages, type Scratch, type ScratchOptions, withScratch } from "./scratch.ts";
