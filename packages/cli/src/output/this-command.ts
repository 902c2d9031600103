const PLACE = "copyup unshare -- COMMAND";

/** Puts the command that runs into the advice to run it in a user namespace, to be copied into a shell. */
export function withThisCommand(text: string, words: readonly string[] = process.argv.slice(2)): string {
  // Not for the command that was told already to run there.
  if (words.length === 0 || words.includes("unshare")) return text;
  return text.replaceAll(PLACE, () => `copyup unshare -- copyup ${words.map(quoted).join(" ")}`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
