import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { compile, IMPORTS, inOneLine, NODENEXT, programOf, type Settings } from "./compiler";
import { ROOT, useFolders } from "./folders";

const folders = useFolders();

describe("a program compiles that", () => {
  const ACCEPTED = {
    "gives a lifetime": `new StorefrontToken("t", { channelIds: [1], lifetime: "30d" });`,
    "gives a lifetime and rotateBefore": `new ImpersonationToken("t", { channelIds: [1], lifetime: "30d", rotateBefore: "9d" });`,
    "gives an end as text, as seconds, or never": `
      for (const expiresAt of ["2030-01-31T00:00:00Z", 1893456000, "never"]) new ImpersonationToken("t", { channelIds: [1], expiresAt });`,
    "gives outputs for every input, also inside lists": `
      const id: pulumi.Output<number> = later.apply(Number);
      new PrivateToken("t", {
        channelIds: [1, id], scopes: pulumi.output(["Customer" as const]), lifetime: later, rotateBefore: later,
        overlap: later.apply(() => "never" as const), onDelete: pulumi.output("letExpire" as const), storeHash: later,
      });
      new StorefrontToken("t", { channelIds: pulumi.output([1]), allowedCorsOrigins: [later], expiresAt: later });`,
    "passes resource options": `
      new StorefrontToken("t", { channelIds: [1], lifetime: "30d" }, { protect: true, ignoreChanges: ["expiresAt"] });`,
    "names the types of arguments": `
      const common = { channelIds: [1], lifetime: "30d", overlap: "auto", onDelete: "revoke", storeHash: "abc123" } as const satisfies ImpersonationTokenArgs;
      const web: StorefrontTokenArgs = { ...common, channelIds: [1], allowedCorsOrigins: [] };
      const server: PrivateTokenArgs = { ...common, channelIds: [1], scopes: ["Unauthenticated", "Customer", "B2B"] };
      export default [web, server];`,
    "reads every output": `
      const t = new PrivateToken("t", { channelIds: [1], scopes: ["B2B"], lifetime: "30d" });
      const texts: pulumi.Output<string>[] = [t.token, t.fingerprint, t.issuedAt, t.expiresAt, t.label, t.storeHash, t.id, t.urn];
      const maybe: pulumi.Output<string | undefined>[] = [t.effectiveExpiresAt, t.rotateAt, t.apiAccount, t.previousToken, t.apiUrl];
      const lists: [pulumi.Output<number[]>, pulumi.Output<string[]>] = [t.channelIds, t.scopes];
      const ends: [pulumi.Output<"auto" | "always" | "never">, pulumi.Output<"revoke" | "letExpire">] = [t.overlap, t.onDelete];
      const origins: pulumi.Output<string[] | undefined> =
        new StorefrontToken("s", { channelIds: [1], lifetime: "30d" }).allowedCorsOrigins;
      export default [texts, maybe, lists, ends, origins];`,
    "reads the predecessor": `
      const t = new ImpersonationToken("t", { channelIds: [1], lifetime: "30d" });
      const previous: pulumi.Output<Predecessor | undefined> = t.previous;
      export const until: pulumi.Output<string | undefined> = previous.apply((old) => old?.fate === "letExpire" ? old.expiresAt : undefined);
      type Exact = { [K in keyof Required<Predecessor>]: true };
      export const members: Exact = {
        id: true, fingerprint: true, issuedAt: true, expiresAt: true, fate: true, storeHash: true,
        channelIds: true, scopes: true, allowedCorsOrigins: true, apiAccount: true, apiUrl: true,
      };`,
    "chooses between an end and a lifetime by a condition": `
      declare const fixed: boolean;
      declare const end: string | undefined;
      new StorefrontToken("t", { channelIds: [1], expiresAt: fixed ? later : undefined, lifetime: fixed ? undefined : "90d", rotateBefore: fixed ? undefined : "9d" });
      new PrivateToken("t", { channelIds: [1], scopes: ["B2B"], expiresAt: end, lifetime: end === undefined ? "90d" : undefined });
      new ImpersonationToken("t", { channelIds: [1], ...(fixed ? { expiresAt: 1893456000 } : { lifetime: "90d" }) });
      new ImpersonationToken("t", fixed ? { channelIds: [1], expiresAt: "never", lifetime: undefined } : { channelIds: [1], lifetime: later, expiresAt: undefined });`,
    "names the class as a type, and extends it": `
      export const held: StorefrontToken[] = [new StorefrontToken("t", { channelIds: [1], lifetime: "30d" })];
      export class Own extends ImpersonationToken {
        constructor(name: string, args: ImpersonationTokenArgs) { super(name, args); }
      }
      export const own: ImpersonationToken = new Own("t", { channelIds: [1], expiresAt: "never" });`,
    "starts the emulator": `
      import { startEmulator, type Emulator, type EmulatorOptions } from "pulumi-bigcommerce-tokens/emulator";
      const options: EmulatorOptions = { generation: 2, stores: [{ hash: "abc123", accounts: [] }] };
      export const emulator: Promise<Emulator> = startEmulator(options);`,
  };
  let errors: Record<keyof typeof ACCEPTED, string[]>;
  beforeAll(() => {
    errors = compile(folders.installed(), ACCEPTED);
  });

  it.each(Object.keys(ACCEPTED) as (keyof typeof ACCEPTED)[])("%s", (name) => {
    expect(errors[name]).toEqual([]);
  });
});

describe("a program does not compile that", () => {
  const BOTH = /"(expiresAt stands beside lifetime|lifetime stands beside expiresAt): give one of them"/;
  const NEITHER = /missing the following properties .*: expiresAt, lifetime/;
  const REFUSED: Readonly<Record<string, readonly [program: string, error: RegExp]>> = {
    "gives both expiresAt and lifetime": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", expiresAt: "never" });`,
      BOTH,
    ],
    "gives both, one of them on a condition": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", expiresAt: later ? "never" : undefined });`,
      BOTH,
    ],
    "gives both to a variable": [
      `export const args: StorefrontTokenArgs = { channelIds: [1], expiresAt: later, lifetime: later };`,
      BOTH,
    ],
    "gives neither expiresAt nor lifetime": [`new ImpersonationToken("t", { channelIds: [1] });`, NEITHER],
    "gives undefined for both": [
      `new StorefrontToken("t", { channelIds: [1], expiresAt: undefined, lifetime: undefined });`,
      /expiresAt.*lifetime|lifetime.*expiresAt/i,
    ],
    "gives one on a condition, and nothing else": [
      `new ImpersonationToken("t", { channelIds: [1], expiresAt: later ? "never" : undefined });`,
      /'lifetime' is missing in type '.*expiresAt: "never" \| undefined|expiresAt.*lifetime/,
    ],
    "gives another type on a condition": [
      `new ImpersonationToken("t", { channelIds: [1], expiresAt: later ? new Date() : undefined, lifetime: later ? undefined : "30d" });`,
      /Date/,
    ],
    "gives rotateBefore without lifetime": [
      `new ImpersonationToken("t", { channelIds: [1], expiresAt: "never", rotateBefore: "9d" });`,
      /rotateBefore|lifetime/,
    ],
    "gives rotateBefore alone": [
      `new ImpersonationToken("t", { channelIds: [1], rotateBefore: "9d" });`,
      NEITHER,
    ],
    "names an unknown scope": [
      `new PrivateToken("t", { channelIds: [1], scopes: ["customer"], lifetime: "30d" });`,
      /"customer"/,
    ],
    "names no scopes": [`new PrivateToken("t", { channelIds: [1], lifetime: "30d" });`, /scopes/],
    "names no channels": [`new StorefrontToken("t", { lifetime: "30d" });`, /channelIds/],
    "misspells a property": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", allowedCorsOrigin: [] });`,
      /allowedCorsOrigin/,
    ],
    "gives channelId": [`new StorefrontToken("t", { channelId: 1, lifetime: "30d" });`, /channelId/],
    "gives scopes to another kind": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", scopes: ["B2B"] });`,
      /scopes/,
    ],
    "gives origins to another kind": [
      `new ImpersonationToken("t", { channelIds: [1], lifetime: "30d", allowedCorsOrigins: [] });`,
      /allowedCorsOrigins/,
    ],
    "gives a credential": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", accessToken: "x" });`,
      /accessToken/,
    ],
    "gives a channel as text": [
      `new StorefrontToken("t", { channelIds: ["1"], lifetime: "30d" });`,
      /string/,
    ],
    "gives a Date as its end": [
      `new StorefrontToken("t", { channelIds: [1], expiresAt: new Date() });`,
      /Date/,
    ],
    "gives an odd overlap": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", overlap: "sometimes" });`,
      /"sometimes"/,
    ],
    "gives an odd onDelete": [
      `new StorefrontToken("t", { channelIds: [1], lifetime: "30d", onDelete: "keep" });`,
      /"keep"/,
    ],
    "uses a token as plain text": [
      `export const token: string = new StorefrontToken("t", { channelIds: [1], lifetime: "30d" }).token;`,
      /Output<string>/,
    ],
  };
  let errors: Record<string, string[]>;
  beforeAll(() => {
    errors = compile(
      folders.installed(),
      Object.fromEntries(Object.entries(REFUSED).map(([name, [program]]) => [name, program])),
    );
  });

  it.each(Object.entries(REFUSED))("%s", (name, [, error]) => {
    expect(errors[name]).toEqual([expect.stringMatching(error)]);
  });
});

describe("a program finds the package's types", () => {
  const USE = `new PrivateToken("t", { channelIds: [1], scopes: ["B2B"], lifetime: "30d" }, {}) satisfies pulumi.CustomResource;`;
  const MISUSE = `new PrivateToken("t", { channelIds: [1] });`;

  const PROJECTS: readonly [name: string, Settings, type?: "module"][] = [
    ["in an ES module", NODENEXT, "module"],
    ["for a bundler", { module: "esnext", moduleResolution: "bundler" }],
    [
      "by main and types alone",
      { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
    ],
  ];
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { exports: object };
  const modules = Object.keys(exports).filter((subpath) => !subpath.endsWith(".json"));
  const EACH = modules.map(
    (subpath, index) =>
      `export type Module${index} = typeof import("${join("pulumi-bigcommerce-tokens", subpath)}");`,
  );
  it.each(PROJECTS)("%s", (...[, settings, type]) => {
    const programs = { use: USE, misuse: MISUSE, each: EACH.join("\n") };
    const { use, misuse, each } = compile(folders.installed(), programs, settings, type);
    expect(use).toEqual([]);
    expect(misuse).toHaveLength(1);
    expect(each).toEqual([]);
  });

  it("and they are themselves without errors, where libraries are checked", () => {
    const file = join(folders.installed(), "program.ts");
    writeFileSync(file, IMPORTS);
    const program = programOf([file], { ...NODENEXT, skipLibCheck: false });
    const own = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.includes("pulumi-bigcommerce-tokens/dist"));
    expect(own.length).toBeGreaterThan(0);
    expect(own.flatMap((source) => [...program.getSemanticDiagnostics(source)].map(inOneLine))).toEqual([]);
  });
});
