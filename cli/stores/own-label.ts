import { type Place, labelPrefix, placeText } from "../../provider/domain/label";
import { labelIn } from "../../provider/domain/list-name";

/** A label in a name of the store's list that a stack gave, or may have given. */
export interface OwnLabel {
  readonly label: string;
  /** Whether it was cut inside the stack's name, so that stacks whose names begin alike share it. */
  readonly isCut: boolean;
}

/** How version 0.1.0 cut a label of more than 80 characters: without regard to where the stack's name ends. */
const CUT_CHARACTERS = 71;
const CUT_HASH = /^-[0-9a-f]{8}$/;

/** The label in a name of the store's list, if it is one of this place. */
export function ownLabelIn(name: string | undefined, place: Place): OwnLabel | undefined {
  const label = labelIn(name);
  if (label === undefined) return undefined;
  // Version 0.1.0 left places as long as they are.
  const whole = `${placeText(place)}/`;
  const isWhole = [labelPrefix(place), whole].some(
    (prefix) => label.startsWith(prefix) && label.length > prefix.length,
  );
  if (isWhole) return { label, isCut: false };
  const isShortened =
    whole.length > CUT_CHARACTERS &&
    label.startsWith(whole.slice(0, CUT_CHARACTERS)) &&
    CUT_HASH.test(label.slice(CUT_CHARACTERS));
  // A cut behind the stack's name leaves no doubt: the list that it stands in tells the kind.
  const stack = whole.slice(0, -place.kind.length - 1);
  return isShortened ? { label, isCut: stack.length > CUT_CHARACTERS } : undefined;
}
