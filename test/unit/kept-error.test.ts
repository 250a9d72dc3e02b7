import { inspect } from "node:util";

import { PartialFailureError } from "../../provider/handlers/partial-failure";
import { SECRET, SIGNATURE } from "../../provider/pulumi-values";
import type { TokenState } from "../../provider/domain/state";
import { leaksIn } from "../support/leaks";

const [TOKEN, PREVIOUS] = ["token-of-the-resource-canary", "token-of-the-predecessor-canary"];
const error = new PartialFailureError(
  "id",
  { token: TOKEN, previousToken: PREVIOUS, fingerprint: "f" } as unknown as TokenState,
  "kept",
);

it("[S2] an error that keeps a token shows it to nobody but Pulumi", () => {
  const shown = [
    inspect(error, { depth: 10, showHidden: true }),
    inspect({ error }, { depth: 10, showHidden: true, getters: "set" }),
    JSON.stringify(error),
    JSON.stringify(Object.assign({}, error)),
    String(error),
    error.stack ?? "",
  ];
  expect(leaksIn(shown.join("\n"), [TOKEN, PREVIOUS])).toBe(0);
});

it("Pulumi gets the whole state from it, its tokens marked as secrets", () => {
  const mark = (value: string) => ({ [SIGNATURE]: SECRET, value });
  expect(error.properties).toEqual({ token: mark(TOKEN), previousToken: mark(PREVIOUS), fingerprint: "f" });
  expect(error).toMatchObject({ id: "id", reasons: ["kept"] });
});
