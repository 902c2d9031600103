import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  chooseDriver,
  describeContext,
  driverNames,
  loadDriver,
  nearestExisting,
  openRuntimeStore,
  probeAll,
  whyNot,
} from "@copyup/runtime";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "copyup-runtime-"));
  const made = dir;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

describe("the choice of a driver", () => {
  test("what the store holds comes first, and another is WRONG_DRIVER", async () => {
    const root = path.join(dir, "store");
    const opened = await openRuntimeStore({ root, driver: "plain-copy", create: true });
    await opened.store[Symbol.asyncDispose]();
    const choice = await chooseDriver(root);
    expect(choice.driver.name).toBe("plain-copy");
    expect(choice.why).toContain("store");
    await expect(chooseDriver(root, "overlay2")).rejects.toMatchObject({ code: "WRONG_DRIVER", path: root });
  });

  test("then the one asked for", async () => {
    const choice = await chooseDriver(path.join(dir, "new"), "plain-copy");
    expect(choice.driver.name).toBe("plain-copy");
    expect(choice.others).toContainEqual({ name: "overlay2", why: "another was asked for" });
    expect(choice.others).toHaveLength(driverNames().length - 1);
  });

  test("else the first that a probe finds working, with the others' reasons", async () => {
    const reports = await probeAll(describeContext(dir));
    const first = reports.find((report) => report.works);
    const choice = await chooseDriver(path.join(dir, "new"));
    expect(choice.driver.name).toBe(first?.driver);
    expect(choice.others.map((other) => other.name)).toEqual(driverNames().filter((name) => name !== first?.driver));
    for (const other of choice.others) expect(other.why).not.toBe("");
  });

  test("plain-copy works for anybody", async () => {
    const reports = await probeAll(describeContext(dir));
    const plain = reports.find((report) => report.driver === "plain-copy");
    expect(plain).toMatchObject({ works: true });
    expect(whyNot(plain!)).toBe("it works here");
  });

  test("a missing root is NOT_FOUND for reading and is not made", async () => {
    await expect(openRuntimeStore({ root: path.join(dir, "none"), driver: "plain-copy" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(nearestExisting(path.join(dir, "none/below"))).toBe(dir);
  });

  test("a root that is a file is refused with a code", async () => {
    writeFileSync(path.join(dir, "file"), "");
    mkdirSync(path.join(dir, "other"));
    await expect(
      openRuntimeStore({ root: path.join(dir, "file"), driver: "plain-copy", create: true }),
    ).rejects.toMatchObject({ name: "StorageError" });
  });

  test("an unknown name is BAD_OPTION", async () => {
    await expect(loadDriver("zfs")).rejects.toMatchObject({ code: "BAD_OPTION" });
  });
});
