import { Stack } from "../support/stack";
import { useFolders } from "./folders";
import { type Report, runMocked } from "./mocked-program";

const KINDS = ["StorefrontToken", "PrivateToken", "ImpersonationToken"];
const CREDENTIALS = [
  ...["accessToken", "authToken", "xAuthToken", "clientId", "clientSecret", "apiToken"],
  ...["credentials", "token"],
];
/** Pulumi would drop the first two without a word, and fail at the third with a stack trace. */
const RESERVED = ["id", "urn", "__provider"];
const VALUE = "hunter2hunter2hunter2";
const ARGS = '{ channelIds: [1], lifetime: "30d", scopes: ["Customer"] }';

const folders = useFolders();

describe("a class refuses", () => {
  const OPTIONS = {
    id: `{ id: "${VALUE}" }`,
    import: `{ import: "${VALUE}" }`,
    deleteBeforeReplace: "{ deleteBeforeReplace: true }",
  };
  let report: Report;
  beforeAll(async () => {
    const attempts = KINDS.flatMap((kind) => [
      ...Object.entries(OPTIONS).map(
        ([name, opts]) => `attempt("${kind} ${name}", () => new tokens.${kind}("web", ${ARGS}, ${opts}));`,
      ),
      ...CREDENTIALS.map(
        (name) =>
          `attempt("${kind} ${name}", () => new tokens.${kind}("web", { ...${ARGS}, ${name}: "${VALUE}" }));`,
      ),
      ...RESERVED.map(
        (name) =>
          `attempt("${kind} argument ${name}", () => new tokens.${kind}("web", { ...${ARGS}, ${name}: "${VALUE}" }));`,
      ),
    ]);
    report = await runMocked(folders.installed(), attempts.join("\n"));
  });

  const cases = KINDS.flatMap((kind) =>
    [...Object.keys(OPTIONS), ...CREDENTIALS, ...RESERVED.map((name) => `argument ${name}`)].map(
      (name) => [name, kind] as const,
    ),
  );
  it.each(cases)("%s of a %s in one line that names it and holds no value", (name, kind) => {
    const refused = report.refused[`${kind} ${name}`];
    expect(refused?.runError).toBe(true);
    expect(refused?.message).toMatch(new RegExp(`token "web": .*\\b${name.replace("argument ", "")}\\b`));
    expect(refused?.message).not.toContain("\n");
    expect(refused?.message).not.toContain(VALUE);
  });

  it("before anything is registered", () => {
    expect(report.registered).toEqual([]);
  });
});

describe("a class accepts", () => {
  it("the options it would refuse, where they are not set", async () => {
    const { registered } = await runMocked(
      folders.installed(),
      `
      const args = { channelIds: [1], lifetime: "30d" };
      new tokens.ImpersonationToken("unset", args, { id: undefined, import: undefined });
      new tokens.ImpersonationToken("off", args, { deleteBeforeReplace: false });
      new tokens.ImpersonationToken("none", args, undefined);
    `,
    );
    expect(registered.map(({ name }) => name)).toEqual(["unset", "off", "none"]);
  });
});

describe("arguments and options", () => {
  let report: Report;
  beforeAll(async () => {
    report = await runMocked(
      folders.installed(),
      `
      const freeze = (value) => { Object.values(value).filter((part) => part && typeof part === "object").forEach(freeze); return Object.freeze(value); };
      const args = freeze({ channelIds: [2, 1], scopes: ["Customer", "B2B"], lifetime: "30d", rotateBefore: "9d" });
      const opts = freeze({ additionalSecretOutputs: ["issuedAt"], protect: false, ignoreChanges: ["overlap"], customTimeouts: { create: "5m" }, aliases: [{ name: "old" }] });
      new tokens.PrivateToken("one", args, opts);
      new tokens.PrivateToken("two", args, opts);
      new tokens.PrivateToken("three", args);
      new tokens.PrivateToken("four", args, { additionalSecretOutputs: [] });
    `,
    );
  });
  const registration = (name: string) => report.registered.find((each) => each.name === name);

  it("are left as they are, and serve two resources", () => {
    const [one, two] = [registration("one"), registration("two")];
    expect(one?.inputs).toMatchObject({
      channelIds: [2, 1],
      scopes: ["Customer", "B2B"],
      lifetime: "30d",
      rotateBefore: "9d",
    });
    expect({ ...two?.inputs, label: "" }).toEqual({ ...one?.inputs, label: "" });
  });

  it("declare nothing but the user's inputs, the label and the provider", () => {
    expect(Object.keys(registration("one")?.inputs ?? {}).sort()).toEqual([
      ...["__provider", "channelIds", "label", "lifetime", "rotateBefore", "scopes"],
    ]);
  });

  it.each([
    ["one", ["issuedAt", "previousToken", "token"]],
    ["three", ["previousToken", "token"]],
    ["four", ["previousToken", "token"]],
  ])("[E8] make the outputs of %s secret, whatever the user adds: %s", (name, secrets) => {
    expect([...(registration(name)?.secretOutputs ?? [])].sort()).toEqual(secrets);
  });

  it("reach the engine with the user's other options", () => {
    expect(registration("one")?.options).toMatchObject({
      ignorechangesList: ["overlap"],
      customtimeouts: { create: "5m" },
      aliasesList: [{ spec: { name: "old" } }],
    });
  });
});

describe("arguments that the program changes after a declaration", () => {
  const DECLARED = {
    grown: { channelIds: [1], scopes: ["Unauthenticated"] },
    "grown 2": { channelIds: [1, 2], scopes: ["Unauthenticated", "Customer"] },
    "grown 3": { channelIds: [1, 2, 3], scopes: ["Unauthenticated", "Customer", "B2B"] },
    origins: { allowedCorsOrigins: ["https://a.example"] },
    address: { verify: { graphqlUrl: "https://a.example/graphql" } },
    "late address": { verify: { graphqlUrl: "https://late.example/graphql" } },
    elements: { channelIds: [1, 2, 3] },
    whole: {
      channelIds: [1, 2],
      scopes: ["Customer"],
      verify: { graphqlUrl: "https://late.example/graphql" },
    },
  };
  let report: Report;
  beforeAll(async () => {
    report = await runMocked(
      folders.installed(),
      `
      const lifetime = "30d", late = pulumi.output("https://late.example/graphql");
      const channelIds = [], scopes = [];
      for (const [i, scope] of ["Unauthenticated", "Customer", "B2B"].entries()) {
        channelIds.push(i + 1);
        scopes.push(scope);
        new tokens.PrivateToken(i === 0 ? "grown" : "grown " + (i + 1), { channelIds, scopes, lifetime });
      }
      const origins = ["https://a.example"];
      new tokens.StorefrontToken("origins", { channelIds: [1], allowedCorsOrigins: origins, lifetime });
      origins[0] = "https://b.example";
      const verify = { graphqlUrl: "https://a.example/graphql" };
      new tokens.ImpersonationToken("address", { channelIds: [1], verify, lifetime });
      verify.graphqlUrl = late;
      new tokens.ImpersonationToken("late address", { channelIds: [1], verify, lifetime });
      verify.graphqlUrl = "https://b.example/graphql";
      const elements = [1, pulumi.output(2), Promise.resolve(3)];
      new tokens.ImpersonationToken("elements", { channelIds: elements, lifetime });
      elements.splice(0, 2, 4);
      new tokens.PrivateToken("whole", {
        channelIds: pulumi.output([1, 2]), scopes: Promise.resolve(["Customer"]), verify: late.apply((graphqlUrl) => ({ graphqlUrl })), lifetime,
      });
      new tokens.ImpersonationToken("hidden", { channelIds: [pulumi.secret(1)], lifetime });
    `,
    );
  });
  const inputs = (name: string) => report.registered.find((each) => each.name === name)?.inputs;

  it.each(Object.entries(DECLARED))("stay as they were declared: %s", (name, declared) => {
    expect(inputs(name)).toMatchObject(declared);
  });

  it("stay secret where an element of a list was", () => {
    const [channel] = inputs("hidden")?.["channelIds"] as unknown[];
    expect(channel).toMatchObject({ value: 1 });
    expect(Object.keys(channel as object)).toHaveLength(2);
  });
});

describe("a class", () => {
  const rotating = '{ channelIds: [1], lifetime: "30d" }';
  const fixed = '{ channelIds: [1], expiresAt: "never" }';
  const cases: readonly [what: string, args: string, opts: string, warning: RegExp | undefined][] = [
    ["warns of protect beside lifetime", rotating, "{ protect: true }", /protect.*lifetime/],
    [
      "[R16] warns of retainOnDelete",
      fixed,
      "{ retainOnDelete: true }",
      /retainOnDelete.*onDelete: "letExpire"/,
    ],
    [
      "warns of deletedWith",
      rotating,
      '{ deletedWith: new pulumi.ComponentResource("a:b:C", "whole") }',
      /deletedWith.*onDelete: "letExpire"/,
    ],
    ["has nothing to say about protect beside expiresAt", fixed, "{ protect: true }", undefined],
    ["has nothing to say about protect that is off", rotating, "{ protect: false }", undefined],
    ["has nothing to say about no options", rotating, "{}", undefined],
  ];
  let report: Report;
  beforeAll(async () => {
    const program = cases.map(
      ([what, args, opts]) => `new tokens.StorefrontToken("${what}", ${args}, ${opts});`,
    );
    report = await runMocked(folders.installed(), program.join("\n"));
  });

  it.each(cases)("%s", (what, _args, _opts, warning) => {
    expect(report.registered.map(({ name }) => name)).toContain(what);
    const texts = report.warnings.filter(({ resource }) => resource === what).map(({ text }) => text);
    expect(texts).toEqual(warning ? [expect.stringMatching(warning)] : []);
  });
});

describe("options that transformations set", () => {
  const ROTATING = '{ channelIds: [1], lifetime: "30d" }';
  /** What the program's own, a component's and the stack's transformation can do. */
  const PLACES: Readonly<Record<string, (change: string) => string>> = {
    own: (change) => `new tokens.ImpersonationToken("x", ${ROTATING}, { transformations: [change(${change})] });`,
    parent: (change) => `
      const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, { transformations: [change(${change})] });
      new tokens.ImpersonationToken("x", ${ROTATING}, { parent });`,
  };
  const run = (body: string) =>
    runMocked(
      folders.installed(),
      `const change = (more) => ({ type, props, opts }) => type.includes("bigcommerce") ? { props, opts: { ...opts, ...more } } : undefined;
      ${body}`,
    );
  const ofTokens = (report: Report) => report.registered.filter(({ type }) => type.includes("bigcommerce"));

  it.each(
    Object.keys(PLACES).flatMap((place) =>
      ["deleteBeforeReplace: true", 'import: "y"', 'id: "y"'].map((option) => [option, place] as const),
    ),
  )("count as given: %s, by the %s's, is refused before anything is registered", async (option, place) => {
    const report = await run(`attempt("x", () => { ${PLACES[place]!(`{ ${option} }`)} });`);
    expect(report.refused["x"]).toMatchObject({
      runError: true,
      message: expect.stringMatching(new RegExp(`token "x": .*${option.replace(/:.*/, "")}`)) as string,
    });
    expect(ofTokens(report)).toEqual([]);
  });

  it.each(Object.keys(PLACES))("are warned of, by the %s's", async (place) => {
    const report = await run(PLACES[place]!('{ retainOnDelete: true, protect: true, deletedWith: new pulumi.ComponentResource("a:b:C", "whole") }'));
    expect(report.warnings.map(({ text }) => text.split(" ")[0]).sort()).toEqual(["deletedWith", "protect", "retainOnDelete"]);
    expect(ofTokens(report)).toHaveLength(1);
  });

  it("that take what the program gave away are no longer given", async () => {
    const report = await run(`
      const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, { transformations: [change({ deleteBeforeReplace: undefined })] });
      new tokens.ImpersonationToken("x", ${ROTATING}, { parent, deleteBeforeReplace: true });`);
    expect(ofTokens(report)).toHaveLength(1);
  });

  it("are those of the token, and not of a resource below it", async () => {
    const report = await run(`
      const parent = new tokens.ImpersonationToken("x", ${ROTATING});
      new pulumi.ComponentResource("a:b:C", "child", {}, { parent, deleteBeforeReplace: true });
      new tokens.ImpersonationToken("y", ${ROTATING}, { parent });`);
    expect(report.warnings).toEqual([]);
    expect(report.registered.map(({ name }) => name).sort()).toEqual(["child", "x", "y"]);
  });
}); // prettier-ignore

describe("on the real engine", () => {
  it("a refusal is one line without a stack trace or the value, and warnings stand under their resource", async () => {
    const stack = await Stack.start(`
      new PrivateToken("kept", { channelIds: [1], scopes: ["Customer"], lifetime: "30d" }, { protect: true, retainOnDelete: true });
    `);
    try {
      // The progress display above the diagnostics shows each of them a second time.
      const warned = (await stack.ok("preview")).split("Diagnostics:")[1] ?? "";
      expect(warned.match(/warning: protect .*lifetime/g)).toHaveLength(1);
      expect(warned.match(/warning: retainOnDelete .*letExpire/g)).toHaveLength(1);
      stack.program(
        `new StorefrontToken("web", { channelIds: [1], lifetime: "30d", accessToken: "${VALUE}" });`,
      );
      const refused = (await stack.fails("preview")).split("Diagnostics:")[1] ?? "";
      expect(refused.match(/^.*accessToken.*$/gm)).toHaveLength(1);
      expect(refused).toMatch(/error: storefront token "web": accessToken is not an argument/);
      expect(refused).not.toMatch(/^\s+at /m);
      expect(refused).not.toContain(VALUE);
      stack.program(`
        pulumi.runtime.registerStackTransformation(({ type, props, opts }) => type.includes("bigcommerce") ? { props, opts: { ...opts, deleteBeforeReplace: true } } : undefined);
        new StorefrontToken("web", { channelIds: [1], lifetime: "30d" });
      `);
      expect(await stack.fails("up", "--yes", "--skip-preview")).toMatch(
        /error: storefront token "web": deleteBeforeReplace would revoke the token before the new token exists/,
      );
      expect(await stack.tokens()).toEqual([]);
      expect(stack.requests()).toEqual([]);
    } finally {
      await stack.close();
    }
  });
});
