/** Of the command and of all packages. */
export const VERSION = "0.1.0";
