/**
 * A program that mounts once a start takes 20 ms of which a mount is one: a fifth of the job is enough, and is told for the
 * whole (Contestant.part).
 */
export function timesOfPrograms(times: number): number {
  return Math.ceil(times / 5);
}
