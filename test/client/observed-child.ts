import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient } from "../../provider/bigcommerce/client";
import { ApiError } from "../../provider/bigcommerce/errors";
import { fastClock, MINT, REVOKE, targetAt } from "./fixtures";
import type { Observed, Plan, Told } from "./observed";
import { LONG, ownTime } from "../support/own-time";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const strays: string[] = [];
for (const event of ["uncaughtException", "unhandledRejection", "warning"] as const) {
  process.on(event, (thrown: unknown) => strays.push(`${event}: ${String(thrown)}`));
}

async function main({ url, timeoutMs, operations, lingerMs = 0 }: Plan): Promise<Observed> {
  const { now, deadline } = ownTime(LONG);
  const client = createClient({ clock: { ...fastClock(), deadline }, timeoutMs: () => timeoutMs });
  const run = async ({ method, store }: Plan["operations"][number]): Promise<Told> => {
    const target = targetAt(url, { storeHash: store });
    const started = now();
    const calls = {
      mint: () => client.mint(target, MINT),
      revoke: () => client.revoke([target], REVOKE),
      detect: () => client.detect(target, MINT.family),
      stray: async () => {
        void Promise.reject(new Error("unhandled"));
        setImmediate(() => {
          throw new Error("uncaught");
        });
        await pause(50);
      },
    };
    const result = await calls[method]().then(
      () => ({ code: "success" }),
      (error: unknown) =>
        error instanceof ApiError
          ? { code: error.code, outcome: error.failure.outcome }
          : { code: String(error) },
    );
    return { ...result, ms: Math.round(now() - started) };
  };

  // The first requests load axios, and let the heap take its size.
  for (let round = 0; round < 10; round += 1) {
    await run({ method: "mint", store: "warm" });
    await run({ method: "revoke", store: "warm" });
  }
  collect();
  await pause(50);
  const before = process.memoryUsage.rss();
  let peak = before;
  const sample = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const sampling = setInterval(sample, 1);
  const maximum = process.resourceUsage().maxRSS;
  const told: Told[] = [];
  for (const operation of operations) {
    told.push(await run(operation));
    sample();
    collect();
  }
  await pause(lingerMs);
  clearInterval(sampling);
  // Between two samples the kernel watches; it keeps only the highest that ever was.
  const highest = process.resourceUsage().maxRSS;
  if (highest > maximum) peak = Math.max(peak, highest * 1024);
  return { told, strays, growthMb: (peak - before) / 1_000_000 };
}

void main(JSON.parse(process.argv[2] ?? "") as Plan).then((observed) => {
  process.stdout.write(JSON.stringify(observed));
});
