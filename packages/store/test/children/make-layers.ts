import { openStore } from "../../src/index.ts";
import { driverNamed } from "./drivers.ts";

/** `make-layers.ts ROOT DRIVER PARENT NAME COUNT`: prepares and commits COUNT layers, and labels the parent for each. */
const [root = "", driver, parent = "", name = "", count] = process.argv.slice(2);
await using store = await openStore({ root, driver: await driverNamed(driver) });
console.log("ready");
for (let n = 0; n < Number(count); n++) {
  const active = await store.prepare({ parent, id: `${name}-${n}` });
  await store.setLabels(parent, { [`${name}-${n}`]: "made" });
  await active.commit({ durability: "none" });
}
