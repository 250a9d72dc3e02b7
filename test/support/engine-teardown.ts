import { rm } from "node:fs/promises";

import { endPreparation } from "./engine-setup";

export default async function teardown(): Promise<void> {
  endPreparation();
  const fresh = process.env["TEST_FRESH"];
  if (fresh) await rm(fresh, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
