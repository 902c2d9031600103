/** Beside the command in its bundle: the checks of `copyup conform` that need another process start it (see conformance). */
export { runProgram } from "@copyup/conformance/child-process";
