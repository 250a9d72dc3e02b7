import * as pulumi from "@pulumi/pulumi";

import { type KindName, KINDS } from "../domain/kinds";
import { outputsOf, SECRET_OUTPUTS } from "../domain/properties";
import { nameProblem } from "../domain/resource-name";
import type { ErrorCode } from "../error-codes";
import { withLink } from "../error-links";
import type { AnyTokenArgs } from "./arguments";
import { onFinalOptions } from "./final-options";
import { labelsOfResource } from "./label";
import { copyProblem } from "./package-copy";

/** Names that are not allowed as arguments. */
const REFUSED = [
  // Inputs that the class adds.
  {
    names: ["label", "formerLabel", "resourceName", "isPreview", "isProtected"],
    why: "is set by the class; remove it",
  },
  // Pulumi's SDK silently drops these arguments, or fails.
  {
    names: ["id", "urn", "__provider"],
    why: "is not an argument: Pulumi reserves this name; remove it",
  },
  // Credentials come from configuration or environment.
  {
    names: "accessToken authToken xAuthToken clientId clientSecret apiToken credentials token".split(" "),
    why:
      "is not an argument: it would be stored in the state; set the environment variable BIGCOMMERCE_ACCESS_TOKEN, or run " +
      "`pulumi config set --secret bigcommerce:accessToken`",
  },
];

/** The inputs and options to register. `onOptions` is called once, with the options after all transformations. */
export function registration(
  kind: KindName,
  name: string,
  args: AnyTokenArgs,
  opts: pulumi.CustomResourceOptions,
  onOptions: (final: pulumi.CustomResourceOptions) => void,
): { readonly props: pulumi.Inputs; readonly opts: pulumi.CustomResourceOptions } {
  const fail = (code: ErrorCode, reason: string) => {
    throw new pulumi.RunError(withLink(`${kind} token "${name}": ${reason}`, code));
  };
  refuseArguments(kind, args, fail);
  const seeOptions = onFinalOptions((final) => {
    refuseOptions(final, fail);
    onOptions(final);
    return isProtected(final) ? { isProtected: true } : {};
  });
  const outputs = Object.keys(outputsOf(KINDS[kind]));
  return {
    props: {
      // Undefined inputs, so that the resource has these outputs already in its first preview.
      ...Object.fromEntries(outputs.map((output) => [output, undefined])),
      ...deepCopy({ ...args }),
      // Always secret: it is a valid token.
      ...(args.adopt !== undefined && { adopt: pulumi.secret(args.adopt) }),
      ...labelsOfResource(kind, name, opts.parent),
      // Only `check` knows whether the state already has a token of this name, which is then accepted.
      ...(nameProblem(name) && { resourceName: name }),
      // Pulumi tells a dynamic provider neither this nor `protect`. `check` reads both, and puts neither into the state.
      ...(pulumi.runtime.isDryRun() && { isPreview: true }),
    },
    opts: pulumi.mergeOptions(opts, {
      additionalSecretOutputs: [...SECRET_OUTPUTS],
      transformations: [seeOptions],
    }),
  };
}

/** Also by a parent, from which Pulumi has not yet taken it over. */
function isProtected({ protect, parent }: pulumi.CustomResourceOptions): boolean {
  return protect ?? (parent as { readonly __protect?: boolean } | undefined)?.__protect ?? false;
}

/**
 * Copies plain lists and objects: Pulumi reads them later, when the program may have changed them.
 * Anything else, such as an output or a promise, is not copied.
 */
function deepCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deepCopy) as T;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, deepCopy(part)])) as T;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Warnings on options that keep tokens from being rotated or revoked. */
export function optionWarnings(
  args: AnyTokenArgs,
  opts: pulumi.CustomResourceOptions,
  resource: pulumi.Resource,
): readonly string[] {
  // The SDK's own field also has the `protect` that is inherited from a parent.
  const { __protect: protects = opts.protect } = resource as { __protect?: boolean };
  return [
    protects &&
      args.lifetime !== undefined &&
      "protect prevents rotation: a protected token cannot be rotated, and the update in which it is due will fail; " +
        "remove protect, or use expiresAt instead of lifetime",
    opts.retainOnDelete &&
      "retainOnDelete leaves the token valid without any record of it: Pulumi then removes the resource without revoking " +
        'its token; use onDelete: "letExpire" instead',
    opts.deletedWith &&
      "deletedWith leaves the token valid without any record of it when both resources are deleted: Pulumi then does not " +
        'revoke the token; remove deletedWith, or add onDelete: "letExpire"',
  ].filter((warning) => typeof warning === "string");
}

type Fail = (code: ErrorCode, reason: string) => void;

function refuseArguments(kind: KindName, args: AnyTokenArgs, fail: Fail): void {
  // A program in plain JavaScript has no type checks.
  if (typeof args !== "object" || (args as unknown) === null) {
    fail("input_invalid", 'the arguments must be an object, such as { channelIds: [1], lifetime: "90d" }');
  }
  for (const { names, why } of REFUSED) {
    const name = names.find((each) => each in args);
    if (name !== undefined) fail("input_invalid", `${name} ${why}`);
  }
  const problem = copyProblem(kind);
  if (problem !== undefined) fail("package_copies", problem);
}

/** Runs after all transformations: those of a stack or a component may set options too. */
function refuseOptions(opts: pulumi.CustomResourceOptions, fail: Fail): void {
  const adoptAdvice =
    "BigCommerce never shows an existing token again; to take over a token that you have, use the argument adopt";
  if (opts.id !== undefined) fail("option_refused", `the id option is not supported: ${adoptAdvice}`);
  if (opts.import !== undefined) fail("option_refused", `the import option is not supported: ${adoptAdvice}`);
  if (opts.deleteBeforeReplace) {
    fail(
      "option_refused",
      "deleteBeforeReplace would revoke the token before the new token exists; remove the option",
    );
  }
}
