import { AssertionError } from "node:assert";

/** The driver's tree or its bytes are not the model's. */
export class Difference extends AssertionError {
  constructor(where: string, lines: readonly string[]) {
    const more = lines.length > 6 ? `; and ${lines.length - 6} more` : "";
    super({ message: `${where}: ${lines.slice(0, 6).join("; ")}${more}` });
  }
}
