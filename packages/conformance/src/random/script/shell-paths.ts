import type { Place } from "../place.ts";

/** How a program's paths are written in its script. */
export type ShellPaths = (place: Place) => string;

/** `./"$n1"/"$n2"`: the names stand in variables, because some cannot be typed. */
export function shellPaths(count: number): ShellPaths {
  return (place) => `"./${place.map((index) => `$n${(index % count) + 1}`).join("/")}"`;
}

/** The assignment of a name: printf with octal escapes, and a dot that keeps a last newline from being dropped. */
export function assignName(number: number, name: Buffer): string {
  return `n${number}=$(printf '${octal(name)}.'); n${number}=\${n${number}%.}`;
}

function octal(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9._]/.test(letter) ? letter : `\\${byte.toString(8).padStart(3, "0")}`;
    })
    .join("");
}

/** One argument, for text that has no strange bytes. */
export function quoted(text: string): string {
  return /^[\w./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
