import type { Client } from "../../../provider/bigcommerce/client";
import type { Kind, Right } from "../../../provider/domain/kinds";
import type { Declared } from "./run";

/** pulumi/pulumi sdk/go/common/resource/plugin/rpc.go: unknown bool, number, string, array, asset, archive, object. */
export const SENTINELS = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Of text. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that no message may quote. */
export const SECRET = "canary-7f3a9c";

/** What careless code throws. */
export const ODD_THROWS: readonly [what: string, make: () => unknown][] = [
  ["a string", () => SECRET],
  ["undefined", () => undefined],
  ["null", () => null],
  ["a number", () => 7],
  ["a symbol", () => Symbol(SECRET)],
  ["a function", () => () => SECRET],
  ["an object without a prototype", () => Object.assign(Object.create(null) as object, { message: SECRET })],
  ["an Error", () => new Error(SECRET)],
  ["a frozen Error", () => Object.freeze(new Error(SECRET))],
  ["an Error with a cause", () => new Error("outer", { cause: SECRET })],
  ["an Error without a stack", () => Object.assign(new Error(SECRET), { stack: undefined })],
  ["an Error of many lines", () => new Error(`first\n    at ${SECRET}\nthird`)],
  ["an Error whose text looks like a place", () => new Error(`first\n    at ${SECRET}:1:2\nthird`)],
  ["an Error whose getters throw", errorWithThrowingGetters],
  ["a Proxy all of whose traps throw", hostileProxy],
];

function errorWithThrowingGetters(): Error {
  const get = () => {
    throw new Error(SECRET);
  };
  return Object.defineProperties(new Error(), { stack: { get }, message: { get }, constructor: { get } });
}

function hostileProxy(): unknown {
  const trap = () => {
    throw new Error(SECRET);
  };
  return new Proxy(new Error(), { get: trap, getPrototypeOf: trap, has: trap, ownKeys: trap });
}

export const LABEL = "acme/shop/prod/any/sample";

/** Arguments that `check` accepts, in normal form, with a lifetime and both of everything that can be narrowed. */
export function goodArgs({ rights }: Pick<Kind, "rights">): Record<string, unknown> {
  return {
    channelIds: [1, 2],
    lifetime: "90d",
    ...Object.fromEntries(rights.map((right) => [right, RIGHTS[right].all])),
  };
}

/** What each right can be. */
export const RIGHTS: Readonly<Record<Right, { readonly all: string[]; readonly some: string[] }>> = {
  scopes: { all: ["Customer", "Unauthenticated"], some: ["Unauthenticated"] },
  allowedCorsOrigins: {
    all: ["https://a.example", "https://b.example"],
    some: ["https://a.example"],
  },
};

/** The resource of most stories. */
export function declare(
  kind: Kind,
  change: Readonly<Record<string, unknown>> = {},
  rest: Partial<Declared> = {},
): Declared {
  return { kind: kind.name, name: "x", args: { ...goodArgs(kind), ...change }, ...rest };
}

/** The client where nothing may be sent. */
export const NO_CLIENT: Client = {
  detect: () => Promise.reject(new Error("nothing is sent here")),
  tokenList: () => Promise.reject(new Error("nothing is sent here")),
  mint: () => Promise.reject(new Error("nothing is sent here")),
  ask: () => Promise.reject(new Error("nothing is sent here")),
  verify: () => Promise.reject(new Error("nothing is sent here")),
  revoke: () => Promise.reject(new Error("nothing is sent here")),
};
