import { leaksIn } from "../leaks";

type Bag = Readonly<Record<string, unknown>>;

/** One call of a handler. */
export interface Call {
  readonly kind: string;
  readonly method: "check" | "diff" | "create" | "read" | "update" | "delete";
  readonly args: readonly unknown[];
  readonly answer?: unknown;
  readonly thrown?: { readonly id?: string; readonly properties?: Bag };
}

/** What calls-preload.cjs and calls-proxy.cjs record: a call as it begins, or how it ended. */
export type Line = Partial<Call> & { readonly call: string };

/** A call with placeholders for all that differs from engine to engine and from run to run. */
export interface PlainCall {
  /** The resource, by the label that the provider gets. */
  readonly name: string;
  readonly kind: string;
  readonly method: Call["method"];
  readonly args: readonly unknown[];
  /** A partial failure is one that Pulumi records with a token. */
  readonly outcome: "succeeded" | "failed" | "partial";
  /** A phase of the whole run: before all else, or after it. */
  readonly phase?: "refresh" | "end";
}

/** What differs between two engines, and gets placeholders. */
export interface Surroundings {
  /** Unix seconds. */
  readonly start: number;
  readonly apiUrl: string;
  readonly otherStore: string;
  /** Tokens and credentials: none may be left. */
  readonly secrets: () => readonly string[];
}

/** What only the dynamic form passes to its handlers: in the plugin, Pulumi's engine says it by other ways, or not at all. */
const OF_DYNAMIC = ["__provider", "resourceName", "formerLabel", "isPreview", "isProtected"];

/** A call as the plugin gets it. */
export function asOfPlugin(call: PlainCall): PlainCall {
  const plain = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).filter(([name]) => !OF_DYNAMIC.includes(name)));
  return { ...call, args: call.args.map(plain) };
}

export function callsOf(lines: readonly Line[]): Call[] {
  const byCall = new Map<string, Line>();
  for (const line of lines) byCall.set(line.call, { ...byCall.get(line.call), ...line });
  return [...byCall.values()].map(({ call: _, ...call }) => call as Call);
}

/** The calls of all runs of a story, run by run. */
export function plainCalls<Run extends string>(
  runs: Readonly<Record<Run, { readonly calls: readonly Call[] }>>,
  surroundings: Surroundings,
  asOfHost = (call: PlainCall) => call,
): Readonly<Record<Run, readonly PlainCall[]>> {
  const entries = Object.entries<{ readonly calls: readonly Call[] }>(runs);
  const plain = replacerFor(
    entries.flatMap(([, { calls }]) => calls),
    surroundings,
  );
  const plainRuns = entries.map(([run, { calls }]) => [
    run,
    calls.map((call, at) => asOfHost(plainCall(call, at, calls))),
  ]);
  const text = plain(JSON.stringify(plainRuns, codeByKind));
  if (leaksIn(text, surroundings.secrets()) > 0) throw new Error("a secret is left in a call");
  return Object.fromEntries(JSON.parse(text) as [Run, readonly PlainCall[]][]) as Record<
    Run,
    readonly PlainCall[]
  >;
}

function plainCall(call: Call, at: number, calls: readonly Call[]): PlainCall {
  const { kind, method, args, thrown } = call;
  const phase = phaseOf(call, calls.slice(0, at), calls.slice(at + 1));
  const outcome = !thrown ? "succeeded" : thrown.id === undefined ? "failed" : "partial";
  return { name: nameOf(call), kind, method, args, outcome, ...(phase && { phase }) };
}

/** Deletes before the end are those of tokens that are deleted before they are replaced. */
function phaseOf(
  { method, args: [id] }: Call,
  before: readonly Call[],
  after: readonly Call[],
): PlainCall["phase"] {
  if (method === "delete") return after.every((call) => call.method === "delete") ? "end" : undefined;
  const calls = before.filter(({ args }) => args[0] === id).map((call) => call.method);
  const isFirst = method === "read" || (method === "diff" && calls.join() === "read");
  const isRefresh = isFirst && before.every((call) => ["read", "diff"].includes(call.method));
  return isRefresh ? "refresh" : undefined;
}

function nameOf({ method, args }: Call): string {
  const at = { check: 1, diff: 2, create: 0, read: 1, update: 2, delete: 1 }[method];
  const { label } = args[at] as Bag;
  if (typeof label !== "string") throw new Error(`a ${method} without a label`);
  return label.slice(label.lastIndexOf("/") + 1);
}

/** Puts placeholders for tokens, times and surroundings. */
function replacerFor(calls: readonly Call[], { start, apiUrl, otherStore }: Surroundings) {
  const pairs = [
    ...placeholdersOfTokens(calls),
    [apiUrl, "<api>"] as const,
    [`"${otherStore}"`, '"<other store>"'] as const,
  ];
  const dayOf = (time: string) => `<day ${Math.round((Date.parse(time) / 1000 - start) / 3600) / 24}>`;
  return (text: string): string =>
    pairs
      .reduce((done, [value, placeholder]) => done.replaceAll(value, placeholder), text)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, dayOf)
      .replace(/(?<=")[^"/]+\/[^"/]+\/[^"/]+\/(?=(storefront|private|impersonation)\/)/g, "<stack>/")
      .replace(/(?<="apiAccount":")[^"]+/g, "<account>");
}

/** For each token the resource that minted it, and a count: `<id of due 2>`. */
function placeholdersOfTokens(
  calls: readonly Call[],
): readonly (readonly [value: string, placeholder: string])[] {
  const counts = new Map<string, number>();
  return calls.flatMap((call) => {
    const made = (call.answer ?? call.thrown ?? {}) as { id?: string; outs?: Bag; properties?: Bag };
    if (call.method !== "create" || made.id === undefined) return [];
    const name = nameOf(call);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const { token, fingerprint, listName } = { ...made.outs, ...made.properties };
    const values = { token: (token as Bag)["value"], fingerprint, id: made.id, "list name": listName };
    return Object.entries(values)
      .filter((entry): entry is [string, string] => typeof entry[1] === "string")
      .map(([what, value]) => [value, `<${what} of ${name} ${count}>`] as const);
  });
}

/** Pulumi's state holds the code as text; the fake engine's holds another text. */
function codeByKind(key: string, value: unknown): unknown {
  if (key !== "__provider") return value;
  return `<code of ${/storefront|private|impersonation/.exec(String(value))?.[0] ?? "nothing"}>`;
}
