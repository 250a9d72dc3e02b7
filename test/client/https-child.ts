import { createClient } from "../../provider/bigcommerce/client";
import { ApiError } from "../../provider/bigcommerce/errors";
import { fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";

/** Mints and revokes at the URL given, and prints what came of it: trust in a CA is settled when Node starts. */
async function main(url: string, hurry: number): Promise<void> {
  const client = createClient({ clock: fastClock({ hurry }), timeoutMs: () => 20_000 });
  const told = (promise: Promise<unknown>) =>
    promise.then(
      () => "success",
      (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
    );
  const mint = await told(client.mint(targetAt(url), MINT));
  const revoke = await told(client.revoke([targetAt(url)], { ...REVOKE, token: TOKEN }));
  process.stdout.write(JSON.stringify({ mint, revoke }));
}

void main(process.argv[2]!, Number(process.argv[3] ?? 1));
