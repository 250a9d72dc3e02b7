import { type Emulator, type Generation, type IssuedToken, type StoreOptions } from "../../../emulator";
import { authorised } from "../../../provider/bigcommerce/operation";
import { endpointOf } from "../../../provider/bigcommerce/endpoint";
import { TokensError } from "../../../provider/errors";
import { KINDS } from "../../../provider/domain/kinds";
import type { SeedToken } from "./seed";

/** Mints a token of a seed by the emulator's own API, so that the emulator holds nothing that BigCommerce could not. */
export async function mintSeed(
  emulator: Emulator,
  {
    storeHash,
    accounts,
    generation,
  }: { storeHash: string; accounts: StoreOptions["accounts"]; generation: Generation },
  { kind, name, channelIds, scopes, allowedCorsOrigins, expiresAt }: SeedToken,
): Promise<IssuedToken> {
  const accessToken = accounts[0]?.accessToken ?? "";
  const target = { apiUrl: emulator.url, storeHash, accessToken, credentialSource: "the seed" };
  const { method, url } = endpointOf(target, "POST", KINDS[kind].family);
  const response = await fetch(url, {
    method,
    headers: { ...authorised(target), Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({
      channel_ids: channelIds,
      expires_at: expiresAt,
      ...(scopes && { scopes }),
      ...(allowedCorsOrigins && { allowed_cors_origins: allowedCorsOrigins }),
      ...(name !== undefined && generation === 2 && { name }),
    }),
  });
  const issued = emulator.issued.at(-1);
  if (response.status === 200 && issued) return issued;
  const { title = "" } = (await response.json()) as { title?: string };
  throw new TokensError(
    "file_invalid",
    `the seed's token ${name ?? `of kind ${kind}`} cannot be minted: ${title}`,
  );
}
