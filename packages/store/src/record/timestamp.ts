let lastMs = 0;
let within = 0;

/** ISO 8601 in UTC with six digits, so that layers made by one process in the same millisecond keep their order. */
export function timestamp(nowMs = Date.now()): string {
  within = nowMs === lastMs ? Math.min(within + 1, 999) : 0;
  lastMs = nowMs;
  return new Date(nowMs).toISOString().replace("Z", `${String(within).padStart(3, "0")}Z`);
}
