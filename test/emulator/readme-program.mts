/* eslint-disable no-console -- The program of the README, type-checked here and run by readme.test.ts. */
import { startEmulator } from "../../emulator/index.js";

const emulator = await startEmulator({
  generation: 2,
  stores: [
    {
      hash: "abc123",
      accounts: [{ clientId: "ci", accessToken: "secret", scopes: ["store_storefront_api"] }],
      channels: [1, 2],
    },
  ],
});

const response = await fetch(`${emulator.url}/stores/abc123/v3/storefront/api-token-private`, {
  method: "POST",
  headers: { "X-Auth-Token": "secret", Accept: "application/json", "Content-Type": "application/json" },
  body: JSON.stringify({
    channel_ids: [1],
    scopes: ["Unauthenticated"],
    expires_at: emulator.clock.now() + 3600,
  }),
});
console.log(response.status, emulator.issued.length, emulator.requests[0]?.path);

// The next revocation is accepted, but nobody hears of it.
emulator.faults.push({ method: "DELETE", kind: "reset-after" });

emulator.clock.advance(3600); // the token is expired now
await emulator.close(); // rejects if a request was one that no correct client sends
