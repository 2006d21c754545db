/**
 * A duration in words, wherever people read one: `45 s`, `12 min`, `3 h`, `2 d`. Each unit from twice its
 * length on. The status page gets this function as it stands here, so it uses nothing else.
 */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
