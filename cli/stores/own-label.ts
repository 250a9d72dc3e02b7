import { type Place, labelPrefix, placeText, UNKNOWN_ORGANIZATION } from "../../provider/domain/label";
import { labelIn } from "../../provider/domain/list-name";

/** A label of a stack in the store's list. */
export interface OwnLabel {
  readonly label: string;
  /** True if it was cut inside the stack's name: stacks whose names begin alike share it. */
  readonly isCut: boolean;
  /** True if it does not name the organization, as the labels of the plugin. */
  readonly isWithoutOrganization: boolean;
}

/** Version 0.1.0 cut a label of more than 80 characters here, even inside the stack's name. */
const CUT_CHARACTERS = 71;
const CUT_HASH = /^-[0-9a-f]{8}$/;

/** The label in a name of the store's list, of either form of this package; undefined if it is not one of this place. */
export function ownLabelIn(name: string | undefined, place: Place): OwnLabel | undefined {
  const label = labelIn(name);
  if (label === undefined) return undefined;
  const found = labelOfPlace(label, place);
  if (found) return { ...found, isWithoutOrganization: place.organization === UNKNOWN_ORGANIZATION };
  const ofPlugin = labelOfPlace(label, { ...place, organization: UNKNOWN_ORGANIZATION });
  return ofPlugin && { ...ofPlugin, isWithoutOrganization: true };
}

function labelOfPlace(label: string, place: Place): Pick<OwnLabel, "label" | "isCut"> | undefined {
  // Version 0.1.0 did not shorten places.
  const whole = `${placeText(place)}/`;
  const isWhole = [labelPrefix(place), whole].some(
    (prefix) => label.startsWith(prefix) && label.length > prefix.length,
  );
  if (isWhole) return { label, isCut: false };
  const isShortened =
    whole.length > CUT_CHARACTERS &&
    label.startsWith(whole.slice(0, CUT_CHARACTERS)) &&
    CUT_HASH.test(label.slice(CUT_CHARACTERS));
  // If it was cut after the stack's name, it is certain: the list tells the kind.
  const stack = whole.slice(0, -place.kind.length - 1);
  return isShortened ? { label, isCut: stack.length > CUT_CHARACTERS } : undefined;
}
