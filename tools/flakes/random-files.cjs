/** Runs test files in an order that the run's seed decides. Jest's `--randomize` shuffles only the tests of a file. */
module.exports = class RandomFiles {
  constructor({ globalConfig }) {
    this.seed = globalConfig.seed;
  }

  sort(tests) {
    const next = randomNumbers(this.seed);
    return [...tests]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map((test) => ({ test, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ test }) => test);
  }

  /** Failures of a random order must not change the order of the next ordinary run. */
  cacheResults() {}
};

/** https://en.wikipedia.org/wiki/Linear_congruential_generator, with the parameters of "Numerical Recipes". */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}
