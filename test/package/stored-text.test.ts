import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

import { startEmulator } from "../../emulator";
import { Stack } from "../support/stack";
import { link, required, ROOT, useFolders } from "./folders";
import { ONE_OF_EACH, storedTexts } from "./mocked-program";
import { ProviderProcess } from "./provider-process";

/** Each resource stores the text twice, and a file backend writes the whole state at every step. */
const MAX_BYTES = 300;
const KINDS = { StorefrontToken: "storefront", PrivateToken: "private", ImpersonationToken: "impersonation" };

const folders = useFolders();
const credential = randomBytes(16).toString("hex").slice(0, 31);

describe("where npm installed the package", () => {
  let texts: Record<string, string>;
  beforeAll(async () => {
    texts = await storedTexts(folders.installed(), { BIGCOMMERCE_ACCESS_TOKEN: credential });
  });

  it.each(Object.entries(KINDS))(
    "[E23] the provider of a %s is stored by reference, in few bytes",
    (type, kind) => {
      const text = texts[type] ?? "";
      expect(text).toContain(`const provider = require("pulumi-bigcommerce-tokens/lifecycle/${kind}");`);
      expect(text.match(/require/g)).toHaveLength(1);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
    },
  );

  it("the same text stands in a real state, beside inputs and outputs", async () => {
    const stack = await Stack.start(
      `const tokens = { StorefrontToken, PrivateToken, ImpersonationToken };${ONE_OF_EACH}`,
    );
    try {
      await stack.up();
      const resources = await stack.tokens();
      expect(resources).toHaveLength(3);
      for (const { urn, inputs, outputs } of resources) {
        const type = /bigcommerce:(\w+)/.exec(urn)?.[1] ?? "";
        expect([inputs["__provider"], outputs["__provider"]]).toEqual([texts[type], texts[type]]);
      }
    } finally {
      await stack.close();
    }
  });
});

describe("where the package is linked", () => {
  let folder: string;
  let texts: Record<string, string>;
  beforeAll(async () => {
    folder = folders.bare();
    link(folder, "pulumi-bigcommerce-tokens", ROOT);
    link(folder, "@pulumi", join(ROOT, "node_modules", "@pulumi"));
    texts = await storedTexts(folder, {
      BIGCOMMERCE_ACCESS_TOKEN: credential,
      BIGCOMMERCE_STORE_HASH: "abc123",
    });
  });

  it.each(Object.keys(KINDS))(
    "[E23] the provider of a %s is stored by value, without paths or secrets",
    (type) => {
      const text = texts[type] ?? "";
      const required = [...text.matchAll(/require\("([^"]*)"\)/g)].map(([, name]) => name);
      expect(new Set(required)).toEqual(new Set(["pulumi-bigcommerce-tokens/runtime"]));
      for (const place of [ROOT, folder, homedir(), __dirname]) expect(text).not.toContain(place);
      expect(text).not.toContain(credential);
      expect(text).not.toMatch(/process\.env|BIGCOMMERCE_/);
    },
  );

  it("each of its methods works in the provider's process", async () => {
    const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
    const account = { clientId: "client-a", accessToken: credential, scopes };
    const emulator = await startEmulator({
      generation: 1,
      stores: [{ hash: "abc123", accounts: [account] }],
    });
    const provider = await ProviderProcess.start(
      folder,
      { BIGCOMMERCE_API_URL: emulator.url, BIGCOMMERCE_STORE_HASH: "abc123" },
      join(ROOT, "node_modules", "@pulumi", "pulumi"),
    );
    try {
      await provider.configure({
        "bigcommerce:stores": JSON.stringify({ abc123: { accessToken: credential } }),
      });
      for (const [type, rights] of Object.entries({ ...KINDS, PrivateToken: { scopes: ["B2B"] } })) {
        const news = {
          ...(typeof rights === "object" && rights),
          ...{ channelIds: [1], lifetime: "30d", label: type, __provider: texts[type] },
        };
        const { inputs, failures } = await provider.check({}, news);
        expect(failures).toEqual([]);
        const { id, outputs } = await provider.create(inputs);
        expect(await provider.read(id, outputs)).toEqual({ id, outputs });
        expect((await provider.diff(id, outputs, inputs)).replaces).toEqual([]);
        expect(await provider.update(id, outputs, inputs)).toEqual(outputs);
        await provider.delete(id, outputs);
      }
      expect(emulator.issued.map(({ revokedAt }) => revokedAt !== undefined)).toEqual([true, true, true]);
    } finally {
      await provider.stop();
      await emulator.close();
    }
  });
});

describe("where the program moves from a link to an installed package", () => {
  it("either text names only subpaths that the installed package has", async () => {
    const folder = folders.installed();
    const provider = await ProviderProcess.start(
      folder,
      { BIGCOMMERCE_STORE_HASH: "abc123" },
      join(required("TEST_FRESH"), "node_modules", "@pulumi", "pulumi"),
    );
    try {
      await provider.configure();
      const linked = folders.bare();
      link(linked, "pulumi-bigcommerce-tokens", ROOT);
      link(linked, "@pulumi", join(ROOT, "node_modules", "@pulumi"));
      const text = (await storedTexts(linked))["ImpersonationToken"];
      const news = { channelIds: [1], lifetime: "30d", label: "t", __provider: text };
      expect((await provider.check({}, news)).failures).toEqual([]);
    } finally {
      await provider.stop();
    }
  });
});
