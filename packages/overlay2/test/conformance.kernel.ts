import { testDriver } from "@copyup/conformance/vitest";
import { driver } from "../src/index.ts";

testDriver(driver, { require: true });
