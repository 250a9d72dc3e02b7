import { createFaultScript } from "./faults";
import { createSigner } from "./jwt";
import { createLedger } from "./ledger";
import { withDefaults, type EmulatorOptions } from "./options";
import { createQuotas } from "./quota";
import { createRequestHandler } from "./request-handler";
import { createTestClock } from "./test-clock";
import { createTokenStore } from "./token-store";

/** BigCommerce's token API without a server: what handles a request, and what a test controls. */
export function createService(options: EmulatorOptions) {
  const settings = withDefaults(options);
  const clock = createTestClock(settings.now);
  const tokens = createTokenStore(settings, clock);
  const quotas = createQuotas(settings.quota, clock);
  const faults = createFaultScript();
  const ledger = createLedger();
  const context = { settings, clock, tokens, signer: createSigner() };
  return {
    port: settings.port,
    handler: createRequestHandler(context, { quotas, faults, ledger }),
    controls: {
      issued: tokens.issued,
      requests: ledger.requests,
      faults,
      clock: { now: clock.now, advance: clock.advance },
      forget: tokens.forget,
      reset() {
        clock.endDelays();
        for (const part of [clock, tokens, quotas, ledger]) part.reset();
        faults.clear();
      },
    },
    endDelays: () => {
      clock.endDelays();
    },
    problems: () => ledger.problems(),
  };
}
