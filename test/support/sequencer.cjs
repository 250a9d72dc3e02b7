const { existsSync } = require("node:fs");

const Sequencer = require("@jest/test-sequencer").default;

/** About as many files as the workers run while the package is packed and installed for the stories. */
const BESIDE_THE_PREPARATION = 60;

/**
 * Stories begin as soon as they can, the longest first, so that no worker is left with a long one at the end. Tests of the
 * other projects are run before and after them; all of them before, where an engine has to be built.
 */
module.exports = class extends Sequencer {
  async sort(tests) {
    const { cachedFolder } = await import("../../tools/engine/cache.mjs");
    const before = existsSync(cachedFolder(process.env)) ? BESIDE_THE_PREPARATION : Infinity;
    const sorted = super.sort(tests);
    const isStory = ({ context }) => ["engine", "plugin"].includes(context.config.displayName?.name);
    const others = sorted.filter((test) => !isStory(test));
    return [...others.slice(0, before), ...sorted.filter(isStory), ...others.slice(before)];
  }
};
