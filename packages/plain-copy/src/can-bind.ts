import { cloneTree, closeFd, isSystemError } from "@copyup/linux";

export interface BindTrial {
  readonly ok: boolean;
  readonly evidence: string;
}

/**
 * May this process bind directories? Tried with a detached clone, which nobody sees: CAP_SYS_ADMIN alone is not enough in a
 * user namespace whose mount namespace is still the host's (`unshare -U` without `-m`), or below a seccomp filter.
 */
export function canBind(directory: string): BindTrial {
  try {
    closeFd(cloneTree(directory));
    return { ok: true, evidence: `a bind of ${directory} was made (detached) and dropped` };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { ok: false, evidence: `a bind of ${directory} was refused: ${error.message}` };
  }
}
