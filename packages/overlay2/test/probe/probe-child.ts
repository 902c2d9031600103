/** Run by probe.kernel.ts as another user: prints the findings for the directory named. */
import { describeDirectory, describeHost } from "@copyup/linux";
import { driver } from "../../src/index.ts";

console.log(JSON.stringify(await driver.probe(describeDirectory(process.argv[2] ?? ""), describeHost())));
