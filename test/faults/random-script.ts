import * as fc from "fast-check";

import type { Fault, FaultAction } from "../../emulator/index";
import { type Kind, KINDS } from "../../provider/domain/kinds";

/** One thing that happens to a stack of one token. */
export type Step =
  | { readonly what: "up"; readonly change: Readonly<Record<string, unknown>>; readonly forced: boolean }
  | { readonly what: "remove" | "destroy" | "refresh" }
  | { readonly what: "advance"; readonly days: number }
  | { readonly what: "revoke elsewhere"; readonly which: number };

export interface Script {
  readonly kind: Kind;
  readonly generation: 1 | 2;
  readonly deadTokenRevocation: "accepted" | "refused";
  readonly steps: readonly { readonly faults: readonly Fault[]; readonly step: Step }[];
}

const status = fc.constantFrom(
  400,
  401,
  403,
  404,
  405,
  408,
  409,
  422,
  429,
  499,
  500,
  501,
  502,
  503,
  504,
  520,
);
/** What BigCommerce may answer to finished work without lying: that it refused is not among it. */
const late = fc.constantFrom(202, 206, 304, 408, 499, 500, 502, 503, 504, 520);
const body = fc.constantFrom<unknown>(
  "",
  "{",
  "<html>",
  [],
  { data: null },
  { data: { token: "a" } },
  { data: [] },
);
const claims = fc.constantFrom<Extract<FaultAction, { kind: "claims" }>["claims"]>(
  { jti: undefined },
  { eat: undefined },
  { cid: [1, 2, 3] },
  { cors: [] },
  { sub: undefined },
);

const action: fc.Arbitrary<FaultAction> = fc.oneof(
  { weight: 6, arbitrary: status.map((code): FaultAction => ({ kind: "status", status: code })) },
  { weight: 4, arbitrary: fc.constant<FaultAction>({ kind: "reset-before" }) },
  { weight: 6, arbitrary: fc.constant<FaultAction>({ kind: "reset-after" }) },
  { weight: 1, arbitrary: fc.constant<FaultAction>({ kind: "hang" }) },
  { weight: 1, arbitrary: fc.constant<FaultAction>({ kind: "hang-after" }) },
  { weight: 4, arbitrary: fc.nat(90).map((bytes): FaultAction => ({ kind: "truncate", bytes })) },
  { weight: 4, arbitrary: late.map((code): FaultAction => ({ kind: "reply", reply: { status: code } })) },
  { weight: 4, arbitrary: body.map((content): FaultAction => ({ kind: "reply", reply: { body: content } })) },
  { weight: 2, arbitrary: fc.constant<FaultAction>({ kind: "redirect", location: "/elsewhere" }) },
  { weight: 2, arbitrary: fc.constant<FaultAction>({ kind: "raw", bytes: "HTTP/1.1 200 OK\r\n" }) },
  { weight: 2, arbitrary: claims.map((changed): FaultAction => ({ kind: "claims", claims: changed })) },
);

const fault: fc.Arbitrary<Fault> = fc
  .record({
    action,
    method: fc.constantFrom("GET", "POST", "POST", "DELETE", "DELETE"),
    after: fc.constantFrom(0, 0, 0, 1, 2),
    times: fc.constantFrom(1, 1, 1, 2, 3, 7),
  })
  .map(({ action: what, ...whom }) => ({ ...what, ...whom }));

const changes = [
  {},
  {},
  { channelIds: [1] },
  { channelIds: [1, 2, 3] },
  { lifetime: "30d" },
  { overlap: "never" },
];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant("up" as const),
      change: fc.constantFrom<Readonly<Record<string, unknown>>>(...changes),
      forced: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom("remove", "destroy", "refresh").map((what): Step => ({ what })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 70 }).map((days): Step => ({ what: "advance", days })) },
  { weight: 1, arbitrary: fc.nat(5).map((which): Step => ({ what: "revoke elsewhere", which })) },
);

export const script: fc.Arbitrary<Script> = fc.record({
  kind: fc.constantFrom(...Object.values(KINDS)),
  generation: fc.constantFrom(1 as const, 2 as const),
  deadTokenRevocation: fc.constantFrom("accepted" as const, "refused" as const),
  steps: fc.array(fc.record({ faults: fc.array(fault, { maxLength: 3 }), step }), {
    minLength: 1,
    maxLength: 6,
  }),
});
