import { defined } from "../../defined";
import { type KindName, kindOf, KINDS, typesOf } from "../../domain/kinds";
import { labelOfUrn } from "../../domain/label";
import { outputsOf } from "../../domain/properties";
import { readInputs, readPreviewedInputs, type TokenState, written } from "../../domain/state";
import { UNKNOWN } from "../../domain/unknown";
import { partsOf } from "../../domain/urn";
import { TokensError } from "../../errors";
import * as handlers from "../../handlers";
import {
  type Bag,
  hasPlaceholder,
  SECRET,
  SIGNATURE,
  withoutSecretMarks,
  withoutUnknowns,
  withSecretMarks,
  withUnknowns,
} from "../../pulumi-values";
import { problemLines } from "../problems";
import { knownInputs, stateOf } from "../properties";
import { referencedToken, type References } from "./references";

export type PluginResources = ReturnType<typeof createPluginResources>;

/** How a property changes, by the names of Pulumi's protocol. */
export type Change = "ADD" | "DELETE" | "UPDATE";

export interface PropertyChange {
  readonly change: Change;
  readonly isReplacing: boolean;
  /** Whether inputs differ, rather than outputs. */
  readonly isInput: boolean;
}

/** What a resource's request says of the resource. */
interface Resource {
  readonly urn: string;
}

/** The methods of a provider plugin on resources, in plain values. Each throws or rejects with an Error. */
export function createPluginResources(
  contextOf: (kind: KindName) => handlers.Context,
  references: References,
) {
  const ofUrn = ({ urn }: Resource) => {
    const type = partsOf(urn).types.split("$").at(-1) ?? "";
    const kind = kindOf(type);
    if (kind === undefined) {
      const types = Object.values(KINDS).map((each) => typesOf(each).plugin);
      throw new TokensError(
        "request_malformed",
        `there is no such resource type; the provider has ${types.join(", ")}`,
      );
    }
    return { context: contextOf(kind), label: labelOfUrn(kind, urn) };
  };

  return {
    check(resource: Resource, olds: Bag, news: Bag): { inputs: Bag; failures: readonly string[] } {
      const { context, label } = ofUrn(resource);
      const { label: given = label, ...rest } = withUnknowns(news);
      const old = Array.isArray(olds["channelIds"]) ? readInputs({ label, ...olds }) : undefined;
      if (given !== label && given !== old?.label) {
        const failure = { property: "label", reason: "is set by the provider; remove it" };
        return { inputs: news, failures: problemLines([failure]) };
      }
      const { resource: name } = partsOf(resource.urn);
      const { inputs, failures } = handlers.check(
        context,
        defined({
          label,
          formerLabels: [],
          name,
          isPreview: false,
          isProtected: false,
          old,
          news: { ...rest, label },
        }),
      );
      if (inputs) return { inputs: withSecretAdopt(withoutUnknowns(written(inputs))), failures: [] };
      // A failure that names its property makes the engine print that property's value, secret or not.
      return { inputs: news, failures: problemLines(failures) };
    },

    diff(resource: Resource, id: string, olds: Bag, news: Bag) {
      const { context } = ofUrn(resource);
      const inputs = readPreviewedInputs(withUnknowns(news));
      const { changes, replaces, updates } = handlers.diff(context, id, stateOf(olds), inputs);
      const detailed = [...replaces, ...updates].flatMap((name): [string, PropertyChange][] => {
        const change = changeOf(olds[name], news[name]);
        const isInput = news[name] !== undefined || olds[name] === undefined;
        return change === undefined && !replaces.includes(name)
          ? []
          : [[name, { change: change ?? "UPDATE", isReplacing: replaces.includes(name), isInput }]];
      });
      return { changes, replaces, detailed };
    },

    async create(resource: Resource, inputs: Bag, isPreview: boolean): Promise<{ id: string; outs: Bag }> {
      const { context } = ofUrn(resource);
      if (isPreview) {
        handlers.announce(context, readPreviewedInputs(withUnknowns(inputs)));
        const { adopt: _, ...shown } = inputs;
        return { id: "", outs: withSecretMarks({ ...unknownOutputs(context), ...shown }) };
      }
      const { id, outs } = await handlers.create(context, knownInputs(inputs));
      return { id, outs: outputs(outs) };
    },

    async read(resource: Resource, id: string, state: Bag, inputs: Bag) {
      const { context, label } = ofUrn(resource);
      // A program may give any state with an id that it reads: Pulumi passes it as the inputs, too. A recorded state has outputs.
      if (Object.keys(state).every((name) => Object.hasOwn(inputs, name))) {
        const imported = await handlers.importToken(context, { label, ...referencedToken(id, references) });
        return { id: imported.id, inputs: written(imported.inputs), outs: outputs(imported.outs) };
      }
      const { set, removed } = await handlers.read(context, id, stateOf(state));
      const kept = Object.entries(withoutSecretMarks(state)).filter(([name]) => !removed.includes(name));
      return { id, inputs, outs: withSecretMarks({ ...Object.fromEntries(kept), ...written(set) }) };
    },

    async update(resource: Resource, id: string, olds: Bag, news: Bag, isPreview: boolean): Promise<Bag> {
      const { context } = ofUrn(resource);
      const state = stateOf(olds);
      // Only an update may ask BigCommerce about a token that is not proven yet.
      if (isPreview && (state.verified === false || hasPlaceholder(news))) {
        const { adopt: _, ...shown } = news;
        return withSecretMarks({ ...withoutSecretMarks(olds), ...shown });
      }
      const { outs } = await handlers.update(context, id, state, knownInputs(news));
      return outputs(outs);
    },

    delete(resource: Resource, id: string, state: Bag): Promise<void> {
      return handlers.remove(ofUrn(resource).context, id, stateOf(state));
    },
  };
}

/** The engine stores the input as a secret, even if the program does not mark it. It hands it back in clear. */
function withSecretAdopt({ adopt, ...inputs }: Bag): Bag {
  return adopt === undefined ? inputs : { ...inputs, adopt: { [SIGNATURE]: SECRET, value: adopt } };
}

/** The outputs as the plugin answers them. */
export function outputs(state: TokenState): Bag {
  return withSecretMarks(written(state));
}

/** All outputs that only the update tells. */
function unknownOutputs({ kind }: handlers.Context): Bag {
  return withoutUnknowns(Object.fromEntries(Object.keys(outputsOf(kind)).map((name) => [name, UNKNOWN])));
}

function changeOf(old: unknown, fresh: unknown): Change | undefined {
  if (old === undefined) return fresh === undefined ? undefined : "ADD";
  return fresh === undefined ? "DELETE" : "UPDATE";
}
