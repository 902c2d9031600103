import { type DefaultTreeAdapterMap, parse } from "parse5";
import { expect } from "vitest";

type Node = DefaultTreeAdapterMap["node"];
export type Element = DefaultTreeAdapterMap["element"];

/** All elements of a page, as a browser's parser builds them; markup it would have to repair is an error. */
export function elements(page: string): Element[] {
  const faults: string[] = [];
  const document = parse(page, { onParseError: (error) => faults.push(`${error.code} at ${error.startOffset}`) });
  expect(faults).toEqual([]);
  const found: Element[] = [];
  const walk = (node: Node) => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(document);
  return found;
}

export const attribute = (element: Element, name: string) => element.attrs.find((one) => one.name === name)?.value;
export const named = (all: readonly Element[], tag: string) => all.filter((element) => element.tagName === tag);
export const classed = (all: readonly Element[], name: string) =>
  all.filter((element) => attribute(element, "class")?.split(" ").includes(name));

export function text(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(text).join("") : "";
}
