/** Thrown by `trial.skip`: the real operation was tried on the plain directory, and this host cannot do it. */
export class SkipCheck extends Error {
  override readonly name = "SkipCheck";
}
