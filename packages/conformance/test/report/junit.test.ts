import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { junit } from "../../src/report/junit.ts";
import { cell, nastyCell } from "./cells.ts";

/** The format as Jenkins' and Surefire's schemas have it, narrowed to what we write. */
const schema = readFileSync(path.join(import.meta.dirname, "junit.xsd"), "utf8");

async function faults(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: "r.xml", contents: xml }], schema: [schema] });
  return errors.map(({ message }) => message);
}

describe("JUnit XML", () => {
  test("is valid, whatever stands in the texts", async () => {
    expect(await faults(junit([nastyCell, cell([{}], { filesystem: "xfs" }), cell([])]))).toEqual([]);
  });

  test("the schema would refuse what is not", async () => {
    const xml = junit([nastyCell]);
    expect(await faults(xml.replace("<skipped", "<skiped"))).not.toEqual([]);
    expect(await faults(xml.replace(/ tests="\d+"/, ""))).not.toEqual([]);
    expect(await faults(xml.replace("\\x1b", "\u001b"))).not.toEqual([]);
  });

  test("counts are those of the cases", () => {
    const xml = junit([nastyCell, cell([{ status: "fail", reason: "no" }], { filesystem: "xfs" })]);
    expect(xml).toMatch(/<testsuites [^>]*tests="5" failures="2" errors="0"/);
    expect(xml).toMatch(
      /<testsuite name="overlay2 on ext4, Linux 6.18.44" tests="4" failures="1" errors="0" skipped="1"/,
    );
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<skipped /g)).toHaveLength(1);
    expect(xml).toContain('<testcase classname="overlay2.ext4.CU" name="CU01 passes" time="0.002"/>');
    expect(xml).toContain("deviates as declared: word:");
  });

  test("what XML cannot hold is shown, not dropped", () => {
    const xml = junit([nastyCell]);
    expect(xml).toContain("\\x1b[31mred\\x00 ]]&gt; \\ud800");
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});
