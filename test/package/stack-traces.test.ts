import { Stack } from "../support/stack";
import { useFolders } from "./folders";
import { type Report, runMocked } from "./mocked-program";

const folders = useFolders();

const TOKEN = 'new tokens.PrivateToken("web", { channelIds: [1], scopes: ["Customer"], lifetime: "30d" }';

describe("the program's own limit of stacks", () => {
  const LIMITS = ["10", "3", "0", "Infinity", "undefined", '"ten"'];
  const WAYS = {
    "a declaration": `${TOKEN});`,
    // After all transformations.
    "a declaration over which Pulumi's SDK throws": `attempt("sdk", () => ${TOKEN}, { provider: {} }));`,
    "a declaration that the class refuses": `attempt("class", () => ${TOKEN}, { id: "y" }));`,
    "a declaration whose transformation throws": `attempt("own", () => ${TOKEN}, { transformations: [() => { throw new Error("no"); }] }));`,
  };
  let report: Report;
  beforeAll(async () => {
    const programs = Object.entries(WAYS).map(
      ([way, declare]) => `values["${way}"] = limits.map((limit) => {
        Error.stackTraceLimit = limit;
        const before = property();
        ${declare}
        return [before, property()];
      });`,
    );
    report = await runMocked(
      folders.installed(),
      `const limits = [${LIMITS.join()}];
      const property = () => JSON.stringify(Object.getOwnPropertyDescriptor(Error, "stackTraceLimit"), (_, value) => typeof value === "number" ? String(value) : value);
      ${programs.join("\n")}
      delete Error.stackTraceLimit;
      ${TOKEN.replace("web", "without a limit")});`,
    );
  });

  it.each(Object.keys(WAYS))("is after %s as it was before", (way) => {
    const pairs = report.values[way] as [string, string][];
    expect(pairs.map(([, after]) => after)).toEqual(pairs.map(([before]) => before));
    expect(new Set(pairs.map(([before]) => before)).size).toBe(LIMITS.length);
  });

  it("was tested where something throws", () => {
    expect(Object.values(report.refused)).toEqual([expect.any(Object), expect.any(Object), expect.any(Object)]);
  });

  it("may be absent", () => {
    expect(report.registered.map(({ name }) => name)).toContain("without a limit");
  });
}); // prettier-ignore

describe("Pulumi's SDK", () => {
  /** How many errors get a stack with frames while a token is declared. */
  const stacksMade = async (variables: NodeJS.ProcessEnv) => {
    const program = `
      let made = 0;
      Error.prepareStackTrace = (error, frames) => { made += frames.length > 0 ? 1 : 0; return String(error); };
      ${TOKEN});
      values.made = made;`;
    return (await runMocked(folders.installed(), program, undefined, variables)).values["made"];
  };

  it("formats no stacks for the promises of a token", async () => {
    expect(await stacksMade({})).toBeLessThan(5);
  });

  it("formats them with PULUMI_DEBUG_PROMISE_LEAKS, because it prints them", async () => {
    expect(await stacksMade({ PULUMI_DEBUG_PROMISE_LEAKS: "1" })).toBeGreaterThan(50);
  });
});

describe("a stack leads to the program", () => {
  const TRANSFORMATION =
    '{ transformations: [function ofTheProgram({ type }) { if (type !== "a:b:C") throw new Error("no"); }] }';
  const THROWS = {
    "from a transformation of a token": `${TOKEN}, ${TRANSFORMATION});`,
    "from a transformation of its parent": `${TOKEN}, { parent: new pulumi.ComponentResource("a:b:C", "parent", {}, ${TRANSFORMATION}) });`,
    "from refused arguments": `(function ofTheProgram() { ${TOKEN.replace("{", "{ token: 1, ")}); })();`,
    "from refused options": `(function ofTheProgram() { ${TOKEN}, { id: "x" }); })();`,
  };
  let report: Report;
  beforeAll(async () => {
    const programs = Object.entries(THROWS).map(
      ([where, run]) => `try { ${run} } catch (error) { values["${where}"] = error.stack; }`,
    );
    report = await runMocked(folders.installed(), programs.join("\n"));
  });

  it.each(Object.keys(THROWS))("%s", (where) => {
    expect(report.values[where]).toMatch(/^ +at .*ofTheProgram/m);
  });
});

describe("the position of a declaration", () => {
  it("reaches the engine with the calls that led to it", async () => {
    const { registered } = await runMocked(folders.installed(), `${TOKEN});`);
    const { sourceposition, stacktrace } = registered[0]?.options ?? {};
    expect(sourceposition).toMatchObject({ uri: expect.stringMatching(/^file:.*token-resource\.js$/) });
    expect((stacktrace as { framesList: unknown[] }).framesList.length).toBeGreaterThan(3);
  });

  it("stands in the state", async () => {
    const stack = await Stack.start(`new StorefrontToken("web", { channelIds: [1], lifetime: "30d" });`);
    try {
      await stack.up();
      const state = (await stack.token("web")) as { sourcePosition?: string };
      expect(state.sourcePosition).toMatch(/token-resource\.js#\d+/);
    } finally {
      await stack.close();
    }
  });
});
