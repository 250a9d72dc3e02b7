/** Milliseconds that the processor took for it: the best of three, because this process may collect its garbage meanwhile. */
export function cpuMs(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
