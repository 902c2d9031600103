import { AT_FDCWD, describeHost, lstatAt } from "@copyup/linux";

/** Was the tree made without root's rights? Then overlay kept its marks in user.*, as it must in a user namespace. */
export function isRootless(home: string): boolean {
  return describeHost().userNamespace || lstatAt(AT_FDCWD, home).uid !== 0;
}
