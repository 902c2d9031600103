/** A profile that says nothing of one check. */
export function withoutClaim<T extends { readonly deviations: readonly { readonly check: string }[] }>(
  profile: T,
  check: string,
): T {
  return { ...profile, deviations: profile.deviations.filter((deviation) => deviation.check !== check) };
}
