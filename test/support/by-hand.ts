import type { Emulator } from "../../emulator";
import { exchange as exchangeOverHttp, type WireRequest } from "../../provider/bigcommerce/transport";

/** An emulator, and how requests come to it. Default: over a socket. */
export interface Reachable {
  readonly url: string;
  readonly exchange?: typeof exchangeOverHttp;
}

/** A token as people make it without this package. */
export interface ByHand {
  readonly store: string;
  readonly credential: string;
  readonly family: string;
  readonly endsInDays: number | "never";
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request as people send it without this package. Resolves to the body of a success. */
export async function requestByHand(
  { url, exchange = exchangeOverHttp }: Reachable,
  { path, ...request }: Pick<WireRequest, "method" | "headers" | "body"> & { readonly path: string },
): Promise<string> {
  const answer = await exchange({
    ...request,
    url: new URL(path, url),
    headers: { Accept: "application/json", "Content-Type": "application/json", ...request.headers },
    ...{ maxBodyBytes: 65_536, deadlines: [], connectBy: new AbortController().signal },
  });
  if (answer.kind === "broken") throw new Error(answer.detail);
  if (answer.status >= 300) throw new Error(`BigCommerce answered ${answer.status}`);
  return answer.body;
}

export async function mintByHand(
  emulator: Reachable & Pick<Emulator, "clock">,
  { store, credential, family, endsInDays, body }: ByHand,
): Promise<string> {
  const expiresAt = endsInDays === "never" ? 0 : emulator.clock.now() + endsInDays * 86_400;
  const answer = await requestByHand(emulator, {
    method: "POST",
    path: `/stores/${store}/v3/storefront/${family}`,
    headers: { "X-Auth-Token": credential },
    body: JSON.stringify({ ...body, expires_at: expiresAt }),
  });
  return (JSON.parse(answer) as { data: { token: string } }).data.token;
}
