import type { Emulator } from "../../emulator";

/** A token as people make it without this package. */
export interface ByHand {
  readonly store: string;
  readonly credential: string;
  readonly family: string;
  readonly endsInDays: number | "never";
  readonly body: Readonly<Record<string, unknown>>;
}

export async function mintByHand(
  { url, clock }: Pick<Emulator, "url" | "clock">,
  { store, credential, family, endsInDays, body }: ByHand,
): Promise<string> {
  const expiresAt = endsInDays === "never" ? 0 : clock.now() + endsInDays * 86_400;
  const answer = await fetch(`${url}/stores/${store}/v3/storefront/${family}`, {
    method: "POST",
    headers: { "X-Auth-Token": credential, Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, expires_at: expiresAt }),
  });
  if (!answer.ok) throw new Error(`BigCommerce answered ${answer.status}`);
  return ((await answer.json()) as { data: { token: string } }).data.token;
}
