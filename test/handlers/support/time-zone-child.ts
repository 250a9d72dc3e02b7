import type { MintRequest } from "../../../provider/bigcommerce/client";
import { createSettings } from "../../../provider/settings/settings";
import { createDynamicHandlers } from "../../../provider/host/dynamic";
import { KINDS } from "../../../provider/domain/kinds";
import { createRunRecord } from "../../../provider/handlers/run-record";
import { createNotices } from "../../../provider/notices";
import { clockOf } from "./clock";
import { goodArgs, NO_CLIENT } from "./samples";

/** Around the hours that Berlin and New York skip or have twice, a leap day and the turn of a year. */
const MOMENTS = [
  ...["2026-03-28T23:59:59Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z"],
  ...["2026-10-25T01:30:00Z", "2026-03-08T06:59:59Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"],
  ...["2028-02-28T22:30:00Z", "2028-02-29T12:00:00Z", "2026-12-31T18:29:59Z", "2026-12-31T23:59:59Z"],
];
const TIMINGS = [
  ...["10s", "59m", "2h", "1d", "13d", "14d", "52w"].map((lifetime) => ({ lifetime })),
  ...["2030-03-31T02:30:00+02:00", 1_900_000_000, "never"].map((expiresAt) => ({ expiresAt })),
];
const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" };

/** What is asked of BigCommerce, recorded and said, in the time zone of this process. */
async function main(): Promise<void> {
  const told: unknown[] = [];
  for (const moment of MOMENTS) {
    for (const timing of TIMINGS) {
      const mint = (_target: unknown, request: MintRequest) => {
        told.push(request);
        return Promise.resolve({ token: "eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJhIn0.c2ln" });
      };
      const handlers = createDynamicHandlers({
        ...{
          kind: KINDS.private,
          clock: clockOf(() => Date.parse(moment) / 1000),
          record: createRunRecord(),
        },
        settings: createSettings(ENV, { get: () => undefined }),
        notices: createNotices((line) => told.push(line)),
        nonce: () => "0".repeat(32),
        client: { ...NO_CLIENT, detect: () => Promise.resolve({ spentMs: 0, queuedMs: 0 }), mint },
      });
      const args = {
        ...goodArgs(KINDS.private),
        lifetime: undefined,
        ...timing,
        label: "l",
        __provider: "code",
      };
      const { inputs, failures } = await handlers.check({}, args);
      told.push(failures, await handlers.create(inputs));
    }
  }
  const offset = new Date("2026-07-01T00:00:00Z").getTimezoneOffset();
  process.stdout.write(JSON.stringify({ offset, told }));
}

void main();
