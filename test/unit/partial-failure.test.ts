import { inspect } from "node:util";

import type { TokenState } from "../../provider/domain/state";
import { type Context, PartialFailureError } from "../../provider/handlers";
import { createRunRecord } from "../../provider/handlers/run-record";
import { withLink } from "../../provider/error-links";
import { createDynamicHandlers } from "../../provider/host/dynamic";
import { SECRET, SIGNATURE } from "../../provider/pulumi-values";
import { leaksIn } from "../support/leaks";

const [TOKEN, PREVIOUS] = ["token-of-the-resource-canary", "token-of-the-predecessor-canary"];
const STATE = { token: TOKEN, previousToken: PREVIOUS, fingerprint: "f" } as unknown as TokenState;
const failure = new PartialFailureError("id", STATE, "kept");

/** What Pulumi's SDK is answered with. */
async function answered(): Promise<Error> {
  const record = createRunRecord();
  record.failed("l", failure);
  const handlers = createDynamicHandlers({ record } as unknown as Context);
  return handlers.create({ label: "l", __provider: "code" }).then(
    () => new Error("it was created"),
    (error: unknown) => error as Error,
  );
}

it("[S2] an error that keeps a token shows it to nobody but Pulumi", async () => {
  for (const error of [failure, await answered()]) {
    const shown = [
      inspect(error, { depth: 10, showHidden: true }),
      inspect({ error }, { depth: 10, showHidden: true, getters: "set" }),
      JSON.stringify(error),
      JSON.stringify(Object.assign({}, error)),
      String(error),
      error.stack ?? "",
    ];
    expect(leaksIn(shown.join("\n"), [TOKEN, PREVIOUS])).toBe(0);
  }
});

it("Pulumi gets the whole state from it, its tokens marked as secrets, and the code for the later delete", async () => {
  const mark = (value: string) => ({ [SIGNATURE]: SECRET, value });
  expect(await answered()).toMatchObject({
    ...{ id: "id", reasons: [withLink("kept", "partial_failure")] },
    properties: { token: mark(TOKEN), previousToken: mark(PREVIOUS), fingerprint: "f", __provider: "code" },
  });
});
