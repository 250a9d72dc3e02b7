/** Loaded by NODE_OPTIONS into every Node process of a story: shifts its wall clock by TEST_CLOCK_OFFSET_S seconds. */
const offsetMs = Number(process.env.TEST_CLOCK_OFFSET_S ?? 0) * 1000;
if (offsetMs !== 0) {
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + offsetMs);
      else super(...args);
    }
    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}
