/** A directory copies go to. `inherits`: what is made in it gets an ACL or a group from it. */
export interface TargetDirectory {
  readonly fd: number;
  readonly inherits: boolean;
}
