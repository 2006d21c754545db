/** CPU time that a piece of work takes on this thread, in seconds: what else the machine does meanwhile hardly matters. */
export function cpuSeconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}
