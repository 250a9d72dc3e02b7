import * as pulumi from "@pulumi/pulumi";

import type { KindName } from "../domain/kinds";
import { formerChildLabel, formerLabelOf, labelOf, type Place } from "../domain/label";

/**
 * The labels of a resource in the running program and stack. `formerLabel` is that of version 0.1.0, if it is another one
 * and does not follow from the label.
 */
export function labelsOfResource(kind: KindName, name: string, parent: pulumi.Resource | undefined) {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const place = { organization: organization(), project, stack, kind };
  if (!parent) {
    const formerLabel = formerOf(place, name);
    return { label: labelOf(place, name), ...(formerLabel !== undefined && { formerLabel }) };
  }
  // Promises: an output that depends on the parent would make its children wait for each other.
  const ofUrn = <T>(read: (urn: string) => T) =>
    new Promise<T>((resolve) => {
      parent.urn.apply((urn) => {
        resolve(read(urn));
      });
    });
  return {
    label: ofUrn((urn) => labelOf(place, name, urn)),
    formerLabel: ofUrn((urn) => formerOf(place, name, urn)),
  };
}

function formerOf(place: Place, name: string, parentUrn?: string): string | undefined {
  const [label, former] = [labelOf(place, name, parentUrn), formerLabelOf(place, name, parentUrn)];
  return former === label || former === formerChildLabel(label) ? undefined : former;
}

/** Pulumi's name for "no organization". Mocks in unit tests of a program have none. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
