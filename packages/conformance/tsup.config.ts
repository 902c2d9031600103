import { libraryBuild } from "../../tsup.base.ts";

export default libraryBuild({
  entry: ["src/index.ts", "src/vitest.ts", "src/child-process.ts", "src/report/index.ts"],
});
