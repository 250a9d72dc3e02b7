import type { FaultAction, GoodAnswer } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";
import { requestByHand } from "../support/by-hand";

const kind = KINDS.private;
const WIDE = { channelIds: [1, 2, 3] };
const MINUTE = 1 / 1_440;
const OWN = "BIGCOMMERCE_ACCESS_TOKEN_ABC123";
const PREVIOUS = "BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS";

let world: World;
afterEach(() => world.close());

const [x, y, z] = ["x", "y", "z"].map((name) => declare(kind, {}, { name }));
/** Tokens A, B and C of x, y and z, long minted. */
const start = async (options: WorldOptions = {}, program = [x!, y!, z!]) => {
  world = await startWorld({ generation: 2, ...options });
  await world.up(program);
  world.advance(1);
};
const forget = (...letters: string[]) => {
  for (const letter of letters) world.emulator.forget(world.token(letter));
};
const onGet = (fault: FaultAction, times = Infinity) => {
  world.emulator.faults.push({ ...fault, method: "GET", times });
};
const state = () => JSON.stringify(world.engine.entries.map(({ id, outputs }) => ({ id, outputs })));
type Body = { data: Record<string, unknown>[]; meta: { pagination: Record<string, unknown> } };
/** The list as the store shows it, and then somewhat else. */
const changed = (change: (body: Body) => void): FaultAction => ({
  kind: "reply",
  reply: ({ body }: GoodAnswer) => {
    change(body as Body);
    return { body };
  },
});
const withoutFirst = (body: Body) => {
  body.data = body.data.filter(({ jti }) => jti !== world.token("A").jti);
  body.meta.pagination["total"] = body.data.length;
};
/** Leaves tokens alive, and out of the list. */
const hide = (...letters: string[]) => {
  const hidden = letters.map((letter) => world.token(letter).jti);
  onGet(changed((body) => {
    body.data = body.data.filter(({ jti }) => !hidden.includes(String(jti)));
    body.meta.pagination["total"] = body.data.length;
  }));
}; // prettier-ignore
const onGraphql = (status: number) => {
  world.emulator.faults.push({ kind: "status", status, path: "/graphql", times: Infinity });
};
/** What a refresh said, but for the host. */
const refreshed = async () => (await world.refresh()).lines.filter((line) => !/is reached at/.test(line));

describe("a token that the list of its account does not show", () => {
  it("[X9] is marked as gone, that is said, and the next up mints a new one in its place", async () => {
    await start();
    forget("A");
    expect(await refreshed()).toEqual([
      "warning: acme/shop/prod/private/x: token A is no longer in the list of API account client-main, which minted it; " +
        "`pulumi up --refresh` mints a new token, if the program still needs one",
    ]);
    expect(world.inUse()).toEqual(["y", "z"]);
    expect((await world.up([x!, y!, z!])).requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("BCD");
  });

  it("[X9] is minted anew at once by an `up --refresh`", async () => {
    await start();
    forget("A");
    const up = await world.up([x!, y!, z!], { refresh: true });
    expect([up.requests, up.looks]).toEqual([["POST abc123"], 2]);
    expect((await world.up([x!, y!, z!], { refresh: true })).requests).toEqual([]);
    expect(world.alive()).toBe("BCD");
  });

  it("[X9] with a live previous token is replaced by the next up, which carries the previous token over", async () => {
    await start();
    await world.up([declare(kind, WIDE), y!, z!]);
    world.advance(1);
    forget("D");
    await world.refresh();
    expect(world.outputs()).toMatchObject({ gone: true, token: "D", previousToken: "A" });
    const up = await world.up([declare(kind, WIDE), y!, z!]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "E", previousToken: "A" });
    expect(world.outputs()).not.toHaveProperty("gone");
    expect(world.alive()).toBe("ABCE");
    await world.destroy();
    expect(world.alive()).toBe("");
  });

  it("[X11] is kept for five minutes where GraphQL still accepts it, because a list may lag behind a mint", async () => {
    await start();
    await world.up([x!, y!, z!], { replace: ["x"] });
    hide("D");
    world.advance(5 * MINUTE - MINUTE / 60);
    expect(await refreshed()).toEqual([expect.stringMatching(/may not show tokens of the last minutes yet/)]);
    expect(world.inUse()).toContain("x");
    world.advance(MINUTE / 60);
    expect((await world.refresh()).requests).toEqual([]);
    expect(world.inUse()).not.toContain("x");
  }); // prettier-ignore

  it.each([
    ["refuses it", () => undefined],
    ["does not tell", () => { onGraphql(503); }],
  ])("[X11] is gone in these minutes where GraphQL %s", async (_, prepare) => {
    await start();
    await world.up([x!, y!, z!], { replace: ["x"] });
    forget("D");
    prepare();
    expect(await refreshed()).toEqual([expect.stringMatching(/token D is no longer in the store's list; `pulumi up/)]);
    expect(world.inUse()).toEqual(["y", "z"]);
  }); // prettier-ignore

  it("[X11] is gone where no row tells whose list it is, and GraphQL refuses it", async () => {
    await start({}, [x!]);
    forget("A");
    expect((await world.refresh()).requests).toEqual(["GRAPHQL abc123"]);
    expect(world.inUse()).toEqual([]);
    expect((await world.up([x!])).requests).toEqual(["POST abc123"]);
  });

  it("is gone where the list of the account before, which minted it, does not show it", async () => {
    await start();
    world.env[OWN] = CREDENTIALS.colleague;
    world.env[PREVIOUS] = CREDENTIALS.abc123;
    forget("A");
    const { looks } = await world.refresh();
    expect([world.inUse(), looks]).toEqual([["y", "z"], 2]);
  });
});

describe("a token that a list does not show is kept, with one line for all of them", () => {
  const KEPT = ": tokens that it does not show stay in the state as they are$";
  const LIST = "the list of private tokens in store abc123";
  const PARTIAL = `^${LIST} was not read whole, because it is too long, not counted, not understood, or changed meanwhile${KEPT}`;
  const UNKNOWN = `^${LIST} does not say which API account minted them${KEPT}`;
  const UNREAD = (what: string) => `^warning: ${LIST} could not be read \\(${what}\\)${KEPT}`;

  it.each<[string, () => unknown, string]>([
    ["[X11] where no row tells whose list it is, and GraphQL does not tell", () => { forget("C"); onGraphql(503); }, UNKNOWN],
    ["where no row tells whose list it is, and GraphQL refuses it for another reason", () => { forget("C"); onGraphql(401); }, UNKNOWN],
    ["where no row tells its account", () => { onGet(changed(({ data }) => data.map((row) => Reflect.deleteProperty(row, "principal")))); onGraphql(503); }, UNKNOWN],
    ["[X9] where it is another account's list", async () => {
      await mintAsColleague();
      world.env[OWN] = CREDENTIALS.colleague;
    }, `^a refresh cannot tell whether the tokens of API account client-main in store abc123 were revoked: BigCommerce lists tokens only for the API account that minted them; give its credential as ${PREVIOUS}$`],
    ["[X4] where the list counts more than it shows", () => { onGet(changed(({ meta }) => (meta.pagination["total"] = 2))); }, PARTIAL],
    ["[X4] where a row has no id", () => { onGet(changed(({ data }) => data.push({ is_revoked: false, is_expired: false }))); }, PARTIAL],
    ["[X4] where the list has more pages than are read", () => { onGet(changed(({ meta }) => (meta.pagination["total_pages"] = 100))); }, PARTIAL],
    ["where the second page fails", () => {
      onGet(changed(({ meta }) => (meta.pagination["total_pages"] = 2)), 1);
      onGet({ kind: "status", status: 500 });
    }, UNREAD("answered 500")],
    ["[X3] where the second page is none", () => {
      onGet(changed(({ meta }) => (meta.pagination["total_pages"] = 2)), 1);
      onGet({ kind: "status", status: 404 });
    }, UNREAD("answered 404")],
  ])("%s", async (_, prepare, line) => {
    await start();
    forget("A", "B");
    await prepare();
    const before = state();
    expect(await refreshed()).toEqual([expect.stringMatching(new RegExp(line))]);
    expect(state()).toBe(before);
  }); // prettier-ignore

  it.each([
    ["the store's clock says that the list is old", () => {
      onGet({ kind: "reply", reply: ({ body }) => {
        withoutFirst(body as Body);
        return { body, headers: { date: new Date((world.emulator.clock.now() - 86_400 - 60) * 1_000).toUTCString() } };
      } });
    }],
    ["this machine's clock is behind", () => { world.skew = -86_400 - 60; onGet(changed(withoutFirst)); }],
  ])("where %s", async (_, prepare) => {
    await start();
    prepare();
    expect(await refreshed()).toEqual([expect.stringMatching(`^${LIST} may not show tokens of the last minutes yet${KEPT}`)]);
    expect(world.inUse()).toEqual(["x", "y", "z"]);
  }); // prettier-ignore

  it("where GraphQL accepts one that a list of nobody's does not show, and where it is mute, each asked once", async () => {
    await start();
    hide("A", "B", "C");
    const kept = await world.refresh();
    expect(kept.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.inUse()).toEqual(["x", "y", "z"]);
    onGraphql(404);
    // One for each of its channels.
    expect((await world.refresh()).requests).toEqual(["GRAPHQL abc123", "GRAPHQL abc123"]);
    expect(world.inUse()).toEqual(["x", "y", "z"]);
  });

  it("[X11] where it is not proven yet, which an unknown token is as well", async () => {
    const proving = [declare(kind, { verify: true }), z!];
    world = await startWorld({ generation: 2 });
    const body = { errors: [{ message: "Unknown JWT token" }] };
    world.emulator.faults.push({ kind: "status", status: 401, body, path: "/graphql", times: Infinity });
    await world.up(proving);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });
    hide("A");
    const up = await world.up(proving, { refresh: true });
    expect(up.requests.filter((request) => request.startsWith("POST"))).toEqual([]);
    expect(world.emulator.issued).toHaveLength(1);
    expect(world.outputs()).toMatchObject({ token: "A" });
  });

  it("[X11] where it is not proven yet, and the list is its own account's", async () => {
    const proving = declare(kind, { verify: true });
    world = await startWorld({ generation: 2 });
    await world.up([z!]);
    const body = { errors: [{ message: "Unknown JWT token" }] };
    world.emulator.faults.push({ kind: "status", status: 401, body, path: "/graphql", times: Infinity });
    await world.up([z!, proving]);
    expect(world.outputs()).toMatchObject({ token: "B", verified: false });
    hide("B");
    await world.refresh();
    expect(world.outputs()).toMatchObject({ token: "B", verified: false });
  });

  it("in the minutes after its mint where GraphQL accepts it, though it did not answer for another", async () => {
    world = await startWorld({ generation: 2 });
    await world.up([declare(kind, { channelIds: [3] }, { name: "x" }), y!, z!]);
    hide("A", "B");
    world.emulator.faults.push({ kind: "status", status: 404, path: "/graphql" });
    await world.refresh();
    expect(world.inUse()).toEqual(["y", "z"]);
  });

  it("where its own row is not understood", async () => {
    await start();
    onGet(changed(({ data }) => (data.find(({ jti }) => jti === world.token("A").jti)!["is_revoked"] = "yes")));
    forget("B");
    const lines = await refreshed();
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(PARTIAL)),
      expect.stringMatching(/token B is no longer in the list/),
    ]);
    expect(world.inUse()).toEqual(["x", "z"]);
  }); // prettier-ignore

  it("where the token does not say who minted it", async () => {
    world = await startWorld({ generation: 2 });
    world.emulator.faults.push({ kind: "claims", claims: { sub: undefined } });
    await world.up([x!, y!, z!]);
    world.advance(1);
    forget("A");
    onGraphql(503);
    const before = state();
    expect(await refreshed()).toEqual([expect.stringMatching(new RegExp(UNKNOWN))]);
    expect(state()).toBe(before);
  });

  it("where it was issued at no time that can be read", async () => {
    await start();
    hide("A");
    world.engine.entries = world.engine.entries.map((entry) => ({
      ...entry,
      outputs: { ...entry.outputs, issuedAt: "lately" },
    }));
    await world.refresh();
    expect(world.inUse()).toEqual(["x", "y", "z"]);
  });

  it("of two accounts' lists, where the one of its own account cannot be read", async () => {
    await start();
    await mintAsColleague();
    world.env[OWN] = CREDENTIALS.colleague;
    world.env[PREVIOUS] = CREDENTIALS.abc123;
    forget("A", "B");
    onGet({ kind: "delay", ms: 0 }, 1);
    world.emulator.faults.push({ kind: "status", status: 503, method: "GET", after: 1, times: Infinity });
    const before = state();
    expect(await refreshed()).toEqual([expect.stringMatching(new RegExp(UNREAD("answered 503")))]);
    expect(state()).toBe(before);
  });
});

it("[X4] 500 tokens are read from one list of two pages, whatever became of them", async () => {
  await start({}, [x!]);
  for (let count = 1; count < 510; count += 1) await mintAs(CREDENTIALS.abc123);
  world.advance(1);
  const { issued, requests } = world.emulator;
  for (const token of issued.slice(0, 10)) world.emulator.forget(token);
  const { outputs } = world.engine.live("x");
  const handlers = world.handlers(kind.name);
  const before = requests.length;
  const readings = await Promise.all(
    issued.map(({ token, jti = "", fingerprint }) => handlers.read(jti, { ...outputs, token, fingerprint })),
  );
  expect(readings.map(({ id, props }) => [id, props["gone"]])).toEqual(
    issued.map(({ jti }, index) => [jti, index < 10 ? true : undefined]),
  );
  expect(requests.slice(before).map(({ query }) => query)).toEqual([
    "sort=issued_at&direction=desc&limit=250",
    "sort=issued_at&direction=desc&limit=250&page=2",
  ]);
}, 120_000);

async function mintAs(credential: string): Promise<void> {
  await requestByHand(world.emulator, {
    method: "POST",
    path: "/stores/abc123/v3/storefront/api-token-private",
    headers: { "X-Auth-Token": credential },
    body: JSON.stringify({ channel_ids: [1], scopes: ["Customer"], expires_at: 2_000_000_000 }),
  });
}

/** One token of the store's other account, so that its list says whose it is. */
function mintAsColleague(): Promise<void> {
  return mintAs(CREDENTIALS.colleague);
}
