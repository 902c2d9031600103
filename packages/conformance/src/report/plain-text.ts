/** Control characters, lone surrogates and non-characters: what XML 1.0 and YAML cannot hold, escaped or not. */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

/** The text with each of them shown as `\x1b` or `\ud800`; tabs and line ends stay. */
export function printable(text: string): string {
  return text.replaceAll("\r", "\\r").replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** On one line. */
export function oneLine(text: string): string {
  return printable(text)
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("\t", " ")
    .trim();
}
