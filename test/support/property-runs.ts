const TIMES = Number(process.env["PROPERTY_TIMES"] ?? 1);
const SEED = process.env["PROPERTY_SEED"];

/**
 * How often a property runs. `npm run properties:nightly` multiplies that, and PROPERTY_SEED repeats the runs of the seed
 * that a failed property has printed.
 */
export function runs(usual: number): { readonly numRuns: number; readonly seed?: number } {
  return { numRuns: usual * TIMES, ...(SEED !== undefined && { seed: Number(SEED) }) };
}
