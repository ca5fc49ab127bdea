/**
 * What this process and its threads have used of processors, in milliseconds. Other than the clock it says nothing of
 * what else the machine has to do, so that a test can hold it to a bound.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
