import { nearest } from "../../domain/did-you-mean";
import type { InputFailure } from "../../domain/inputs";
import { asError } from "../../notices";
import type { Bag } from "../../pulumi-values";
import { hasPlaceholder, SECRET, SIGNATURE } from "../../pulumi-values";
import { PROVIDER_INPUTS } from "../../domain/provider-inputs";
import { problemLines } from "../problems";
import { createSettings, type Environment, type Settings } from "../../settings/settings";
import type { StackConfig } from "../../settings/stack-config";

const SECRET_INPUTS = Object.entries(PROVIDER_INPUTS).flatMap(([name, input]) =>
  "isSecret" in input ? [name] : [],
);

/** What Pulumi itself puts among a provider's inputs. */
const OF_PULUMI = ["version", "pluginDownloadURL", "pluginChecksums", "__internal", "__defaults"];

const STORE_VARIABLE = "BIGCOMMERCE_STORE_HASH";

/** The settings of one provider. Those of an explicit provider are its own: its `storeHash` comes before the variable. */
export function settingsOf(inputs: Bag, environment: Environment, isDefault: boolean): Settings {
  const { [STORE_VARIABLE]: storeHash, ...others } = environment;
  // Credentials among the inputs belong to the variable's store, if the inputs name none.
  const config = configOf({ ...inputs, storeHash: inputs["storeHash"] || storeHash });
  return createSettings(isDefault ? environment : others, config, inputSource);
}

/** The inputs as the settings read them: text, and JSON for what is no text. */
function configOf(inputs: Bag): StackConfig {
  return {
    get(key) {
      const name = key.replace(/^bigcommerce:/, "");
      const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (value === undefined || value === null || hasPlaceholder(value)) return undefined;
      return typeof value === "string" ? value : JSON.stringify(value);
    },
  };
}

/** True for the provider that Pulumi makes from the stack's configuration, and if the engine does not say which one it is. */
export function isDefaultProvider(urn: string): boolean {
  return !urn.startsWith("urn:") || /::default(?:_[^:]*)?$/.test(urn);
}

/** How messages name an input. */
function inputSource(key: string): string {
  return `provider input ${key}, or configuration bigcommerce:${key} (destroy and refresh use its value of the last \`pulumi up\`)`;
}

/** What is wrong with the provider's inputs, one line each. No line quotes a value. */
export function configProblems(inputs: Bag, environment: Environment, isDefault: boolean): readonly string[] {
  const names = Object.keys(PROVIDER_INPUTS);
  const unknown = Object.keys(inputs)
    .filter((name) => !names.includes(name) && !OF_PULUMI.includes(name))
    .map((name) => {
      const guess = nearest(name, names);
      // A name with digits may be a credential that stands in the wrong place.
      const property = /^[A-Za-z_]{1,40}$/.test(name) ? name : "(an input)";
      const cure = guess === undefined ? `it has ${names.join(", ")}` : `did you mean ${guess}?`;
      return { property, reason: `the provider has no such input; ${cure}` };
    });
  const given = (name: string) => inputs[name] !== undefined && inputs[name] !== "";
  const isAmbiguous = !isDefault && !given("storeHash") && !environment[STORE_VARIABLE];
  const lost = (["accessToken", "previousAccessToken"] as const)
    .filter((name) => isAmbiguous && given(name))
    .map((property) => ({
      property,
      reason: "needs storeHash beside it, the store that it belongs to; for several stores give stores",
    }));
  // Only the inputs are judged: a variable may be of a store that this program does not use.
  const settings = hasPlaceholder(inputs) ? [] : malformed(settingsOf(inputs, {}, isDefault));
  return problemLines([...unknown, ...lost, ...settings]);
}

/** What is malformed in the settings of any store: a token would find it out later. */
function malformed(settings: Settings): readonly InputFailure[] {
  const { hashes } = settings.stores();
  // Any store, if none is named, to read what all have in common.
  const reads = (hashes.length > 0 ? hashes : [""]).flatMap((hash) => [
    () => settings.credential(hash),
    () => settings.previousCredential(hash),
    () => settings.apiUrl(hash),
  ]);
  return reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (thrown) {
      const { code, message } = asError(thrown);
      return [{ code, reason: message }];
    }
  });
}

/** The inputs as Pulumi stores them: credentials are always secret. */
export function withSecretInputs(inputs: Bag): Bag {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      return [name, SECRET_INPUTS.includes(name) ? { [SIGNATURE]: SECRET, value } : value];
    }),
  );
}

/** The inputs as the provider uses them. Until `configure` is answered, the engine does not know that it must not mark secrets. */
export function withoutInputMarks(inputs: Bag): Bag {
  return unmarked(inputs) as Bag;
}

function unmarked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return unmarked((value as Bag)["value"]);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unmarked(part)]));
}

/** The inputs that differ. None of them ever replaces the provider, and with it every token. */
export function changedInputs(olds: Bag, news: Bag): readonly string[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
}
