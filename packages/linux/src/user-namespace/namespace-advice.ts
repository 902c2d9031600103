import { whyNoUserNamespace } from "./why-not.ts";

/**
 * What a user does who may not mount. `COMMAND` stands for his: the command line puts its own words there. Where a switch
 * forbids user namespaces that is said instead of sending him into a refusal.
 */
export function namespaceAdvice(): string {
  const known = whyNoUserNamespace();
  return known === null
    ? "run it as root, or as you are in a user namespace of your own: `copyup unshare -- COMMAND`"
    : `run it as root; \`copyup unshare\` would do, but ${known.reason}: ${known.fix}`;
}
