import { createRequire } from "node:module";
import { join } from "node:path";

import { createProject } from "./workspace.mjs";

/** The life of a stack, in this order. */
export const PHASES = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview", "--expect-no-changes"],
  "no-change up": ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

const ACCESS_TOKEN = "a".repeat(31);
const ACCOUNT = { clientId: "client", accessToken: ACCESS_TOKEN, scopes: ["store_storefront_api"] };
/** BigCommerce's own quota is a case of its own. */
const NO_QUOTA = { requests: 1e9, windowMs: 30_000 };

/** Runs `use` in a new project, with a store of its own. */
export async function withProject(installed, { variant, tokens, isTyped = true, store = {} }, use) {
  const load = createRequire(join(installed.folder, "program.js"));
  const { startEmulator } = load("pulumi-bigcommerce-tokens/emulator");
  const stores = [{ hash: "abc123", accounts: [ACCOUNT] }];
  const emulator = await startEmulator({ generation: 2, stores, quota: NO_QUOTA, ...store });
  const env = {
    BIGCOMMERCE_API_URL: emulator.url,
    BIGCOMMERCE_STORE_HASH: "abc123",
    BIGCOMMERCE_ACCESS_TOKEN: ACCESS_TOKEN,
  };
  try {
    const project = await createProject(installed, { variant, tokens, isTyped, env });
    try {
      return await use(project, emulator);
    } finally {
      project.remove();
    }
  } finally {
    await emulator.close();
  }
}

/** Seconds of each phase of one stack. */
export function runCycle(installed, options) {
  return withProject(installed, options, async (project, emulator) => {
    const seconds = {};
    for (const [phase, args] of Object.entries(PHASES)) {
      ({ seconds: seconds[phase] } = await project.pulumi(args));
    }
    const live = emulator.issued.filter(({ revokedAt }) => revokedAt === undefined);
    const minted = options.variant === "noop" ? 0 : options.tokens;
    if (emulator.issued.length !== minted || live.length > 0) {
      throw new Error(`${options.variant}: ${emulator.issued.length} tokens minted, ${live.length} left`);
    }
    return seconds;
  });
}

/** Cycles of all variants in turn, so that what else the machine does hits all; of each phase the best counts. */
export async function best(installed, { variants, runs, say, ...options }) {
  const found = Object.fromEntries(variants.map((variant) => [variant, {}]));
  for (let run = 1; run <= runs; run += 1) {
    for (const variant of variants) {
      const seconds = await runCycle(installed, { ...options, variant });
      for (const [phase, value] of Object.entries(seconds)) {
        found[variant][phase] = Math.min(value, found[variant][phase] ?? Infinity);
      }
      const figures = Object.entries(seconds).map(([phase, value]) => `${phase} ${value.toFixed(1)} s`);
      say(`${options.tokens} tokens, ${variant}, run ${run} of ${runs}: ${figures.join(", ")}`);
    }
  }
  return found;
}
