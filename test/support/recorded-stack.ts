import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { IssuedToken } from "../../emulator";
import { KINDS } from "../../provider/domain/kinds";
import type { TokenState } from "../../provider/domain/state";
import type { Stack, StateResource } from "./stack";

/** The outputs of a token, of which those in clear are read here. */
interface Outputs extends Facts {
  readonly listName?: string;
  readonly previous?: Facts & { readonly id: string };
  readonly previousToken?: unknown;
}
interface Facts extends Pick<
  TokenState,
  "fingerprint" | "storeHash" | "channelIds" | "scopes" | "allowedCorsOrigins"
> {
  readonly issuedAt: string;
  readonly expiresAt: string;
}

interface Recording {
  readonly recordedAt: string;
  readonly resources: readonly (Omit<StateResource, "outputs"> & {
    readonly type: string;
    readonly outputs?: Outputs;
  })[];
}

const FOLDER = join(__dirname, "..", "stories", "recorded");
const FAMILIES = {
  StorefrontToken: KINDS.storefront.family,
  PrivateToken: KINDS.private.family,
  ImpersonationToken: KINDS.impersonation.family,
};
const MANY = JSON.stringify(Array.from({ length: 2_000 }, (_, at) => at + 1));

/**
 * Gives a stack the state that a version of this package left: from `pulumi stack export --show-secrets`, with placeholders
 * for all that differs from run to run. The clock goes back to that day, and the emulator mints the tokens anew. Answers
 * with the tokens by the letters of their placeholders.
 */
export async function importRecorded(
  stack: Stack,
  version: string,
  credentials: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, IssuedToken>> {
  const { recordedAt, resources } = JSON.parse(
    readFileSync(join(FOLDER, `${version}.json`), "utf8").replaceAll('"<channels 1 to 2000>"', MANY),
  ) as Recording;
  stack.advance(seconds(recordedAt) - stack.emulator.clock.now());
  const tokens = new Map<string, IssuedToken>();
  for (const { type, id = "", outputs } of resources) {
    if (!outputs) continue;
    const family = FAMILIES[type.split(":").at(-1) as keyof typeof FAMILIES];
    const mint = async (facts: Facts & { id: string; listName?: string }, isLive: boolean) => {
      const token = await mintAnew(stack, family, credentials[facts.storeHash] ?? "", facts);
      tokens.set(letterOf(facts.fingerprint), token);
      if (!isLive) stack.emulator.forget(token);
    };
    if (outputs.previous) await mint(outputs.previous, outputs.previousToken !== undefined);
    await mint({ ...outputs, id }, true);
  }
  const deployment = { manifest: {}, secrets_providers: secretsProviderOf(stack), resources };
  const filled = JSON.stringify({ version: 3, deployment }).replace(
    /<(\w+)(?: (\w))?>/g,
    (_, what: string, letter: string | undefined) =>
      valueOf(what, stack.emulator.url, tokens.get(letter ?? "")),
  );
  stack.write("recorded.json", filled);
  await stack.ok("stack", "import", "--file", "recorded.json");
  stack.write("recorded.json", "");
  stack.requests();
  return tokens;
}

/** A token with the claims of the recorded one, whatever the emulator would sign by itself. */
async function mintAnew(
  { emulator }: Stack,
  family: string,
  credential: string,
  facts: Facts & { id: string; listName?: string },
): Promise<IssuedToken> {
  const { issuedAt, expiresAt, storeHash, channelIds, scopes, allowedCorsOrigins } = facts;
  const claims = {
    iat: seconds(issuedAt),
    // 2,000 of them made a token that 0.1.0 refused; one that was kept had an answer of less than 8 KiB.
    cid: channelIds.slice(0, 2),
    cors: allowedCorsOrigins ?? [],
    ...(!facts.id.startsWith("<jti") && { jti: undefined }),
  };
  emulator.faults.push({ kind: "claims", claims });
  const response = await fetch(`${emulator.url}/stores/${storeHash}/v3/storefront/${family}`, {
    method: "POST",
    headers: { "X-Auth-Token": credential, Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({
      ...{ channel_ids: claims.cid, expires_at: expiresAt === "never" ? 0 : seconds(expiresAt), scopes },
      // The emulator knows no origin with `_`; the claims have it.
      allowed_cors_origins: allowedCorsOrigins?.map((origin) => origin.replace("_", "-")),
      name: facts.listName?.replace(/<nonce \w>/, NONCE),
    }),
  });
  const token = emulator.issued.at(-1);
  if (!response.ok || !token) throw new Error(`the emulator answered ${response.status}`);
  return token;
}

const NONCE = "0af1".repeat(8);

function valueOf(what: string, url: string, token: IssuedToken | undefined): string {
  const values: Readonly<Record<string, string | undefined>> = {
    api: url,
    token: token?.token,
    fingerprint: token?.fingerprint,
    jti: token?.jti,
    nonce: NONCE,
  };
  const value = values[what];
  if (value === undefined) throw new Error(`the recording has a placeholder that nothing fills: ${what}`);
  return value;
}

/** What the stack's own secrets are encrypted with: the recorded ones are in clear, and Pulumi encrypts them so. */
function secretsProviderOf({ folder }: Stack): object {
  const settings = readFileSync(join(folder, "program", "Pulumi.dev.yaml"), "utf8");
  return { type: "passphrase", state: { salt: /^encryptionsalt: (\S+)$/m.exec(settings)?.[1] } };
}

/** Of a placeholder such as `<fingerprint A>`. */
function letterOf(placeholder: string): string {
  return /^<fingerprint (\w)>$/.exec(placeholder)?.[1] ?? "";
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
