/**
 * How far the clock offset may seem to have moved before we say that somebody set the clock. Reading it is good to a few
 * microseconds, more when we lose the processor in all sixteen tries. Setting the clock back by less does no harm: a stamp
 * is taken only when the filesystem's clock is already further than this past it, so that even then every later change has
 * a later ctime.
 */
export const CLOCK_TOLERANCE_NS = 1_000_000n;
