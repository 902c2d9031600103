export { checkManifest, type ManifestProblem } from "./check-manifest.ts";
export { writeManifest } from "./write-manifest.ts";
