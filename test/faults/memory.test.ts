import { TOKEN } from "../client/fixtures";
import { type Flood, FLOODS } from "../client/floods";
import { observe, type Observed } from "../client/observed";
import { closeServers, minted, reply, serve, type Step } from "../client/servers";

const MAX_GROWTH_MB = 20;
/** Long enough that a reply which is read for as long as it comes is told from one that is given up. */
const TIMEOUT_MS = 10_000;

const VERBS = { mint: "POST", revoke: "DELETE", detect: "GET" } as const;
/** Brotli's own window takes 16 MiB, so that it is measured alone. */
const STORES = (Object.keys(FLOODS) as Flood[]).filter((store) => store !== "brotli");

type Method = keyof typeof VERBS;

/** In a process of its own, which holds nothing but the client, operations meet one flood after the other. */
async function flooded(method: Method, stores: readonly Flood[]): Promise<Observed> {
  const { url } = await serve(answerTo(VERBS[method]));
  const operations = stores.map((store) => ({ method, store }));
  try {
    return await observe({ url, timeoutMs: TIMEOUT_MS, operations });
  } finally {
    await closeServers();
  }
}

/** Requests of one verb meet the flood that their store is named after. */
function answerTo(flooded: string): Step {
  return (socket, request) => {
    const [, verb, store = ""] = /^(\w+) \/stores\/(\w+)\//.exec(request) ?? [];
    const fault = verb === flooded && store !== "warm" ? FLOODS[store as Flood].fault : undefined;
    const step = fault ?? (verb === "GET" ? reply(200, { data: [] }) : minted(TOKEN));
    if (typeof step === "function") step(socket, request);
    else socket.end(step);
  };
}

describe.each<[Method]>([["mint"], ["revoke"]])("a %s that is answered without end", (method) => {
  let seen: Observed;
  beforeAll(async () => {
    seen = await flooded(method, STORES);
  });

  it.each(STORES.map((store) => [FLOODS[store].title, store] as const))("%s is given up", (_, store) => {
    // What the status line says counts, whatever comes after it.
    const expected =
      store === "refusal"
        ? { code: "rejected", outcome: "REJECTED" }
        : { code: "reply_malformed", outcome: "UNKNOWN" };
    expect(seen.told[STORES.indexOf(store)]).toMatchObject(expected);
  });

  it(`[N15,N16] takes less than ${MAX_GROWTH_MB} MB for all of them together`, () => {
    expect(seen.growthMb).toBeLessThan(MAX_GROWTH_MB);
  });

  it("leaves nothing behind that the process would hear of", () => {
    expect(seen.strays).toEqual([]);
  });
});

describe("a list that is answered without end", () => {
  it(`[N15,N16] is given up, and takes less than ${MAX_GROWTH_MB} MB`, async () => {
    const seen = await flooded("detect", STORES);
    expect(seen.growthMb).toBeLessThan(MAX_GROWTH_MB);
    expect(seen.told.map(({ code }) => code)).toEqual(STORES.map(() => "success"));
    for (const { ms } of seen.told) expect(ms).toBeLessThan(TIMEOUT_MS / 4);
  });
});

it.each<[Method]>([["mint"], ["detect"]])(
  `[N15] brotli: %s takes less than ${MAX_GROWTH_MB} MB`,
  async (method) => {
    const { growthMb, told } = await flooded(method, ["brotli"]);
    expect(growthMb).toBeLessThan(MAX_GROWTH_MB);
    expect(told).toHaveLength(1);
  },
);
