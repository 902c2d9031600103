import { libraryBuild } from "../../tsup.base.ts";

export default libraryBuild({ entry: ["src/index.ts", "src/records.ts"] });
