import { expect, it } from "vitest";
import { withThisCommand } from "../../src/output/this-command.ts";

const ADVICE = "run it as root, or: `copyup unshare -- COMMAND`";

it.each([
  [["conform", "overlay2"], "copyup unshare -- copyup conform overlay2"],
  [["layer", "apply", "a b's.tar"], "copyup unshare -- copyup layer apply 'a b'\\''s.tar'"],
  [["mount", "$box", ""], "copyup unshare -- copyup mount '$box' ''"],
])("%j stands in the advice as a shell reads it", (words, command) => {
  expect(withThisCommand(ADVICE, words)).toBe(`run it as root, or: \`${command}\``);
});

it("leaves other text, and the advice to a command in a namespace, as they are", () => {
  expect(withThisCommand("run it as root", ["probe"])).toBe("run it as root");
  expect(withThisCommand(ADVICE, ["unshare", "--", "x"])).toBe(ADVICE);
});
