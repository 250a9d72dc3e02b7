import * as pulumi from "@pulumi/pulumi";

import type { KindName } from "../domain/kinds";
import { formerChildLabel, formerLabelOf, labelOf, type Place } from "../domain/label";

export interface Labels {
  readonly label: pulumi.Input<string>;
  /** That of version 0.1.0, only where it is another, and not told by the label itself. */
  readonly formerLabel?: pulumi.Input<string | undefined>;
}

/** The labels of a resource of this program and stack. */
export function labelsOfResource(kind: KindName, name: string, parent: pulumi.Resource | undefined): Labels {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const place = { organization: organization(), project, stack, kind };
  if (!parent) {
    const former = formerOf(place, name);
    return { label: labelOf(place, name), ...(former !== undefined && { formerLabel: former }) };
  }
  // Promises, because an output of the parent's would make its children wait for one another.
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

/** Mocks in a program's own tests have no organization; Pulumi's name for that is the same. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
