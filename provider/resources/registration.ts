import { createRequire } from "node:module";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { type KindName, KINDS } from "../domain/kinds";
import { nameProblem } from "../domain/resource-name";
import type { TokenArgs } from "./arguments";
import { onFinalOptions } from "./final-options";
import { labelsOfResource } from "./label";

const PACKAGE = "pulumi-bigcommerce-tokens";

/** Credentials come from configuration or environment, so that they never stand in a token's state. */
const CREDENTIALS = "accessToken authToken xAuthToken clientId clientSecret apiToken credentials token".split(
  " ",
);

/** Names that Pulumi's SDK drops from any resource's arguments, or fails at. */
const RESERVED = ["id", "urn", "__provider"];

/** What the class adds. */
const SET_BY_CLASS = ["label", "formerLabel", "resourceName"];

const SECRET_OUTPUTS = ["token", "previousToken"];

/** Declared, so that a resource has them as outputs from the first preview on. */
const OUTPUTS =
  "token fingerprint issuedAt expiresAt effectiveExpiresAt rotateAt apiAccount previous previousToken storeHash apiUrl overlap onDelete".split(
    " ",
  );

/**
 * What a class hands to Pulumi; the caller's objects stay as they are. `onOptions` is called once, with the options after
 * all transformations.
 */
export function registration(
  kind: KindName,
  name: string,
  args: TokenArgs,
  opts: pulumi.CustomResourceOptions,
  onOptions: (final: pulumi.CustomResourceOptions) => void,
): { readonly props: pulumi.Inputs; readonly opts: pulumi.CustomResourceOptions } {
  const fail = (reason: string) => {
    throw new pulumi.RunError(`${kind} token "${name}": ${reason}`);
  };
  refuseArguments(kind, args, fail);
  const seeOptions = onFinalOptions((final) => {
    refuseOptions(final, fail);
    onOptions(final);
  });
  const declared = Object.fromEntries(
    [...OUTPUTS, ...KINDS[kind].rights].map((output) => [output, undefined]),
  );
  return {
    props: {
      ...declared,
      ...deepCopy({ ...args }),
      ...secretAdopt(args),
      ...labelsOfResource(kind, name, opts.parent),
      // Whether it may stay, as one that the state has may, only `check` knows.
      ...(nameProblem(name) && { resourceName: name }),
    },
    opts: pulumi.mergeOptions(opts, {
      additionalSecretOutputs: SECRET_OUTPUTS,
      transformations: [seeOptions],
    }),
  };
}

/**
 * Plain lists and objects as they are now, because Pulumi reads them after the program may have changed them.
 * Anything else, such as an output or a promise, is kept.
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

/** Secret whatever the program says, because it is a token that works. */
function secretAdopt({ adopt }: TokenArgs): { readonly adopt?: pulumi.Output<string> } {
  return adopt === undefined ? {} : { adopt: pulumi.secret(adopt) };
}

/** Options that work against a token's life. */
export function optionWarnings(
  args: TokenArgs,
  opts: pulumi.CustomResourceOptions,
  resource: pulumi.Resource,
): readonly string[] {
  // The SDK's own field says what a parent's `protect` has become for its child.
  const { __protect: isProtected = opts.protect } = resource as { __protect?: boolean };
  return [
    ...(isProtected && args.lifetime !== undefined
      ? [
          "protect stands beside lifetime: a protected token cannot be rotated, the update that finds it due will fail",
        ]
      : []),
    ...(opts.retainOnDelete
      ? ['retainOnDelete leaves tokens alive without a record; say onDelete: "letExpire" instead']
      : []),
    ...(opts.deletedWith
      ? [
          "deletedWith leaves the token alive without a record where that resource is deleted with it: Pulumi does not ask " +
            'for its revocation then; leave it out, or say onDelete: "letExpire" as well',
        ]
      : []),
  ];
}

type Fail = (reason: string) => void;

function refuseArguments(kind: KindName, args: TokenArgs, fail: Fail): void {
  // Programs in plain JavaScript are not held by the types.
  if (typeof args !== "object" || (args as unknown) === null) {
    fail('takes an object of arguments, such as { channelIds: [1], lifetime: "90d" }');
  }
  const setByClass = SET_BY_CLASS.find((key) => key in args);
  if (setByClass) fail(`${setByClass} is made by the class; leave it out`);
  const reserved = RESERVED.find((key) => key in args);
  if (reserved) fail(`${reserved} is not an argument: Pulumi keeps that name for itself; leave it out`);
  const credential = CREDENTIALS.find((key) => key in args);
  if (credential) {
    fail(
      `${credential} is not an argument: set BIGCOMMERCE_ACCESS_TOKEN, or bigcommerce:accessToken with --secret`,
    );
  }
  const specifier = `${PACKAGE}/lifecycle/${kind}`;
  if (resolveFromProgram(specifier) !== require.resolve(`../lifecycle/${kind}`)) {
    fail(
      `${specifier} does not lead from ${process.cwd()} to the package that the program loaded, so the token could not ` +
        `be deleted later; make ${PACKAGE} a direct dependency of the program, and run the program from its folder`,
    );
  }
}

/** After all transformations, because those of a stack or a component set options as well. */
function refuseOptions(opts: pulumi.CustomResourceOptions, fail: Fail): void {
  const adoptAdvice =
    "BigCommerce never shows a token again; the argument adopt takes over one whose value you have";
  if (opts.id !== undefined) fail(`the id option is not supported: ${adoptAdvice}`);
  if (opts.import !== undefined) fail(`the import option is not supported: ${adoptAdvice}`);
  if (opts.deleteBeforeReplace) {
    fail("deleteBeforeReplace would revoke the token before its successor exists; leave it out");
  }
}

/**
 * As Pulumi's provider process will resolve it: from the program's folder upwards. Not `require.resolve` with `paths`,
 * and not a file of the folder itself: both look first at the package that asks, through its own `exports`.
 */
function resolveFromProgram(specifier: string): string | undefined {
  try {
    return createRequire(join(process.cwd(), "node_modules", "program.js")).resolve(specifier);
  } catch {
    return undefined;
  }
}
