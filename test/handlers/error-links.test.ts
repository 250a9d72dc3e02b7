import { KINDS } from "../../provider/domain/kinds";
import { linkedError, withLink } from "../../provider/error-links";
import { TokensError } from "../../provider/errors";
import { configProblems } from "../../provider/host/plugin/configuration";
import { notice } from "../../provider/notice-formats";
import { lineOf } from "../../provider/notices";
import { unlinked } from "../support/error-link";
import { goodArgs, LABEL } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;

describe("a problem of inputs ends with the address of its rule's code", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const codes = async (change: Readonly<Record<string, unknown>>) => {
    const news = { ...goodArgs(kind), label: LABEL, __provider: "code", ...change };
    const { failures } = await world.handlers(kind.name).check({}, news);
    return failures.map(({ reason }) => unlinked(reason).code);
  };

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["a value that is invalid by itself", { channelIds: [], colour: "red" }, ["input_invalid", "input_invalid"]],
    ["two inputs that exclude one another", { onDelete: "letExpire", lifetime: undefined, expiresAt: "never" }, ["input_invalid"]],
    ["a new value", { channelIds: Array.from({ length: 1_001 }, (_, at) => at + 1) }, ["input_invalid"]],
    ["an expiration that has passed", { lifetime: undefined, expiresAt: 1 }, ["expiry_past"]],
    ["an expiration beside a lifetime", { expiresAt: "never" }, ["expiry_ambiguous"]],
    ["a text that cannot be adopted", { adopt: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln" }, ["adoption_refused"]],
  ])("%s", async (_, change, expected) => {
    expect(await codes(change)).toEqual(expected);
  }); // prettier-ignore

  it("so does one of the environment, once, though several settings cannot be read because of it", async () => {
    world.env["BIGCOMMERCE_TIMEOUT_S"] = "0";
    world.env["BIGCOMMERCE_API_URL"] = "nowhere";
    expect(await codes({})).toEqual(["setting_invalid", "api_url_invalid"]);
  });

  it("and one of a provider of the plugin", () => {
    const inputs = { acessToken: "x", accessToken: "not visible\n", storeHash: "abc123", stores: "{" };
    expect(configProblems(inputs, {}, false).map((line) => unlinked(line).code)).toEqual([
      ...["input_invalid", "config_invalid"],
    ]);
    expect(configProblems({ accessToken: "x" }, {}, false).map((line) => unlinked(line).code)).toEqual([
      "input_invalid",
    ]);
  });
});

describe("an error that reaches a user", () => {
  it("keeps its name and its code, and is one line with its stack", () => {
    class ChildError extends TokensError {
      override readonly name = "ChildError";
    }
    const error = new ChildError("rejected", "no");
    const linked = linkedError(error);
    expect(linked).toMatchObject({ name: "ChildError", code: "rejected", stack: linked.message });
    expect(String(linked)).toBe(`ChildError: ${withLink("no", "rejected")}`);
    expect(error.message).toBe("no");
  });

  it("is printable, whatever a state or a server put into it, as every notice is", () => {
    const hostile = "l\u001b[31m\nerror: run this\u202e";
    const shown = "l\ufffd[31m\ufffderror: run this\ufffd";
    expect(unlinked(linkedError(new TokensError("timeout", hostile)).message).message).toBe(shown);
    const told = notice("minted", { label: hostile, fingerprint: "0123456789abcdef", expiry: "never" });
    expect(lineOf(told)).toBe(`bigcommerce-tokens: minted ${shown} 0123456789abcdef never`);
  });

  it("has its whole address, however long its message is", () => {
    const message = "x".repeat(500);
    expect(unlinked(linkedError(new TokensError("timeout", message)).message)).toEqual({
      message,
      code: "timeout",
    });
  });

  it("has one address, however often the provider reports it: with every retry of a token that is kept", async () => {
    const world = await startWorld();
    world.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2, 3] } });
    world.emulator.faults.push({ kind: "status", status: 503, method: "DELETE", times: Infinity });
    const program = [{ kind: kind.name, name: "x", args: goodArgs(kind) }];
    const lengths: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      await world.up(program);
      // `Run` refuses a reason that does not end with exactly one address.
      lengths.push(world.engine.live("x").initErrors?.join().length ?? 0);
    }
    expect(new Set(lengths.slice(1)).size).toBe(1);
    await world.close();
  });
});
