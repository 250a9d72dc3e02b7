import type { IssuedToken } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;
const COUNT = 40;
const BODY = { channel_ids: [1], scopes: ["Customer", "Unauthenticated"] };

let world: World;
afterEach(() => world.close());

const mintAs = (credential: string) =>
  mintByHand(world.emulator, { store: STORE, credential, family: kind.family, endsInDays: 80, body: BODY });
const start = async () => {
  world = await startWorld({ generation: 2 });
  await world.up([declare(kind, { channelIds: [1] })]);
  for (let count = 1; count < COUNT; count += 1) await mintAs(CREDENTIALS[STORE]);
  world.advance(1);
};
/** The list is a new account's, which has minted nothing. */
const changeAccount = () => {
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
};
const onGraphql = (status: number) => {
  world.emulator.faults.push({ kind: "status", status, path: "/graphql", times: Infinity });
};
const hideAll = () => {
  const others = [{ jti: "another", principal: { id: "client-main" }, is_revoked: false, is_expired: false }];
  const body = { data: others, meta: { pagination: { total: 1, total_pages: 1 } } };
  world.emulator.faults.push({ kind: "reply", reply: { body }, method: "GET", times: Infinity });
};
/** Reads all tokens at once, in one process. */
const readAll = async () => {
  const { issued, requests } = world.emulator;
  const { outputs } = world.engine.live("x");
  const handlers = world.handlers(kind.name);
  const [heard, before] = [world.heard.length, requests.length];
  const read = ({ token, jti = "", fingerprint }: IssuedToken) =>
    handlers.read(jti, { ...outputs, token, fingerprint });
  const readings = await Promise.all(issued.map(read));
  const asked = requests.slice(before).map(({ method, path }) => (path === "/graphql" ? "GRAPHQL" : method));
  return {
    kept: readings.filter(({ props }) => props["gone"] === undefined).length,
    looks: asked.filter((what) => what === "GET").length,
    questions: asked.filter((what) => what === "GRAPHQL").length,
    lines: world.heard.slice(heard).filter((line) => !line.includes("is reached at")),
  };
};

describe(`${COUNT} tokens that a list does not show, refreshed at once`, () => {
  const UNKNOWN = expect.stringMatching(/does not say which API account minted them/);

  it("cost one look and one question, where the list is a new account's and they work", async () => {
    await start();
    changeAccount();
    const read = await readAll();
    expect(read).toEqual({ kept: COUNT, looks: 1, questions: 1, lines: [UNKNOWN] });
  });

  it("cost no question once one of them works; what is asked before that and is unknown is gone", async () => {
    await start();
    changeAccount();
    for (const index of [0, 1, 7]) world.emulator.forget(world.emulator.issued[index]!);
    // The last of the forgotten ones comes after one that works.
    expect(await readAll()).toMatchObject({ kept: COUNT - 2, looks: 1, questions: 3 });
  });

  it("cost no question where the list of the account before shows one of them", async () => {
    await start();
    changeAccount();
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = CREDENTIALS[STORE];
    for (const token of world.emulator.issued.slice(1)) world.emulator.forget(token);
    expect(await readAll()).toMatchObject({ kept: 1, looks: 2, questions: 0 });
  });

  it("are each asked about where none of them works, and all are gone", async () => {
    await start();
    changeAccount();
    for (const token of world.emulator.issued) world.emulator.forget(token);
    expect(await readAll()).toMatchObject({ kept: 0, looks: 1, questions: COUNT });
  });

  it("cost one question where the list does not say how many tokens it has", async () => {
    await start();
    const reply = { body: { data: [], meta: {} } };
    world.emulator.faults.push({ kind: "reply", reply, method: "GET", times: Infinity });
    expect(await readAll()).toEqual({ kept: COUNT, looks: 1, questions: 1, lines: [UNKNOWN] });
  });

  it("cost one question where GraphQL does not tell", async () => {
    await start();
    changeAccount();
    onGraphql(404);
    expect(await readAll()).toEqual({ kept: COUNT, looks: 1, questions: 1, lines: [UNKNOWN] });
  });

  it("cost one question in the minutes after their mint, where the list is behind", async () => {
    await start();
    world.advance(-1);
    hideAll();
    const LATE = expect.stringMatching(/may not show tokens of the last minutes yet/);
    expect(await readAll()).toEqual({ kept: COUNT, looks: 1, questions: 1, lines: [LATE] });
  });

  it("are each asked about in these minutes where GraphQL does not tell, which then is their end", async () => {
    await start();
    world.advance(-1);
    hideAll();
    onGraphql(404);
    expect(await readAll()).toMatchObject({ kept: 0, looks: 1, questions: COUNT });
  });
});

it("what is adopted is asked about for itself, whatever works beside it", async () => {
  world = await startWorld({ generation: 2 });
  const [works, dead] = [await mintAs(CREDENTIALS[STORE]), await mintAs(CREDENTIALS[STORE])];
  changeAccount();
  world.emulator.forget(world.token("B"));
  const up = await world.up([
    declare(kind, { adopt: works, channelIds: [1] }),
    declare(kind, { adopt: dead, channelIds: [1] }, { name: "y" }),
  ]);
  expect(up.requests).toEqual(["GRAPHQL abc123", "GRAPHQL abc123"]);
  expect(up.errors).toEqual([
    expect.objectContaining({ message: expect.stringContaining("nothing was adopted") }),
  ]);
  expect(world.alive()).toBe("A");
});

it("what GraphQL says of one kind's token does not stand for another kind's", async () => {
  world = await startWorld({ generation: 2 });
  await world.up([declare(KINDS.storefront), declare(kind, {}, { name: "y" })]);
  world.advance(1);
  world.emulator.forget(world.token("B"));
  const body = { data: [], meta: { pagination: { total: 0, total_pages: 0 } } };
  world.emulator.faults.push({ kind: "reply", reply: { body }, method: "GET", times: Infinity });
  await world.refresh();
  expect(world.inUse()).toEqual(["x"]);
});
