import { testDriver } from "@copyup/conformance/vitest";
import { driver } from "copyup-full-tree";

/** The whole suite is `copyup conform full-tree --driver-module .`; these are what a change breaks first. */
testDriver(driver, { require: true, only: ["CU01", "CU31", "WH01", "UM01", "LA20", "DA05", "LY04"] });
