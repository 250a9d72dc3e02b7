import type * as pulumi from "@pulumi/pulumi";

type Options = pulumi.CustomResourceOptions;
type Transformations = readonly pulumi.ResourceTransformation[];

const runsLast = new WeakSet<pulumi.ResourceTransformation>();

/** A transformation that runs last, receives the final options and returns further inputs. If it throws, no resource is registered. */
export function onFinalOptions(
  onOptions: (options: Options) => pulumi.Inputs,
): pulumi.ResourceTransformation {
  const transformation: pulumi.ResourceTransformation = ({ resource, props, opts }) => {
    const owner = resource as unknown as { __transformations: Transformations };
    // Children of the resource inherit the list, and must not inherit this entry.
    owner.__transformations = owner.__transformations.filter((each) => each !== transformation);
    return { props: { ...props, ...onOptions(opts) }, opts };
  };
  runsLast.add(transformation);
  return transformation;
}

/**
 * Makes transformations of `onFinalOptions` run last. Without it the transformations of the resource's parents and its
 * stack would run later: Pulumi appends them to this field.
 * Source: pulumi/pulumi sdk/nodejs/resource.ts, `Resource.constructor`.
 */
export function runFinalOptionsLast(prototype: pulumi.Resource): void {
  Object.defineProperty(prototype, "__transformations", {
    configurable: true,
    set(this: object, given: Transformations) {
      const value = [...given].sort((a, b) => Number(runsLast.has(a)) - Number(runsLast.has(b)));
      const field = { value, writable: true, configurable: true, enumerable: true };
      Object.defineProperty(this, "__transformations", field);
    },
  });
}
