import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";

import type { Emulator } from "../../emulator";

/** A value that reached the secret store, or left it again. */
interface Delivered {
  readonly what: "put" | "removed";
  readonly place: string;
  readonly value: string;
  /** `performance.now()` when it was done, the clock of the emulator's ledger. */
  readonly atMs: number;
}

/** Where dependants bring their tokens, and where a shop fetches them: on loopback, with a ledger. */
export interface SecretStore {
  readonly url: string;
  /** Places whose requests are answered with 503. */
  readonly broken: Set<string>;
  /** What a shop would find at a place now. */
  held(place: string): string;
  put(place: string, value: string): void;
  /**
   * What BigCommerce and this store did since the last call, in order: `mint B`, `put shop B`, `revoke A`. Tokens go by
   * letters, the first that was minted is A.
   */
  heard(): string[];
  close(): Promise<void>;
}

export async function startSecretStore(emulator: Emulator): Promise<SecretStore> {
  const ledger: Delivered[] = [];
  const places = new Map<string, string>();
  const broken = new Set<string>();
  const record = (what: Delivered["what"], place: string, value: string) => {
    if (what === "put") places.set(place, value);
    ledger.push({ what, place, value, atMs: performance.now() });
  };
  const server = createServer((request, response) => {
    void textOf(request).then((value) => {
      const place = (request.url ?? "").slice(1);
      if (!broken.has(place)) record(request.method === "PUT" ? "put" : "removed", place, value);
      response.writeHead(broken.has(place) ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  let seenMs = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken,
    held: (place) => places.get(place) ?? "",
    put(place, value) {
      record("put", place, value);
    },
    heard() {
      const all = [
        ...tokenRequests(emulator),
        ...ledger.map(({ what, place, value, atMs }) => ({
          ...{ atMs, text: `${what} ${place} ${letterOf(emulator, ({ token }) => token === value)}` },
        })),
      ];
      const fresh = all.filter(({ atMs }) => atMs > seenMs).sort((one, other) => one.atMs - other.atMs);
      seenMs = performance.now();
      return fresh.map(({ text }) => text);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Whether the store's GraphQL API takes this token, asked by a server. */
export async function isAccepted(emulator: Emulator, storeHash: string, token: string): Promise<boolean> {
  const response = await fetch(`${emulator.url}/stores/${storeHash}/channels/1/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ site { settings { storeName } } }" }),
  });
  await response.arrayBuffer();
  return response.status === 200;
}

/** Mints and revocations; one that BigCommerce refused has its status behind it. */
function tokenRequests({ requests, issued }: Emulator): { atMs: number; text: string }[] {
  let minted = 0;
  return requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/storefront/api-token"))
    .map(({ method, path, headers, status = 0, arrivedAtMs: atMs }) => {
      const refused = status < 300 ? "" : ` ${status}`;
      if (method === "POST")
        return { atMs, text: `mint ${refused === "" ? letter(minted++) : ""}${refused}` };
      const index = issued.findIndex(
        ({ token, jti }) =>
          token === headers["sf-api-token"] || (jti !== undefined && path.endsWith(`/${jti}`)),
      );
      return { atMs, text: `revoke ${letter(index)}${refused}` };
    });
}

function letterOf({ issued }: Emulator, fits: (issued: Emulator["issued"][number]) => boolean): string {
  return letter(issued.findIndex(fits));
}

function letter(index: number): string {
  return index < 0 ? "?" : String.fromCharCode("A".charCodeAt(0) + index);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
