import { sha256 } from "./fingerprint";
import type { KindName } from "./kinds";

/** Where tokens of a kind are declared. Pulumi's own names of organizations, projects and stacks hold no slash. */
export interface Place {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly kind: KindName;
}

const MAX_PLACE_CHARACTERS = 40;
export const MAX_LABEL_CHARACTERS = 80;
const HASH_DIGITS = 16;

/** What a name may not share with our own hashes, whose digits were 8 in version 0.1.0. */
const BEGINS_AS_HASHED = /^(?:[0-9a-f]{8}){1,2}-/;
const ENDS_AS_HASHED = /-(?:[0-9a-f]{8}){1,2}$/;

/**
 * What all labels of a place begin with: `<organization>/<project>/<stack>/<kind>/`. Over 40 characters it is cut and
 * hashed apart from the name, so that it can be computed without one.
 */
export function labelPrefix(place: Place): string {
  const text = placeText(place);
  const isPlain = text.length <= MAX_PLACE_CHARACTERS && visible(text) === text;
  return `${isPlain ? text : hashed(text, MAX_PLACE_CHARACTERS, text)}/`;
}

/** Names a token's resource across all stacks that share a store, in characters that every list can show. */
export function labelOf(place: Place, name: string, parentUrn?: string): string {
  const prefix = labelPrefix(place);
  const room = MAX_LABEL_CHARACTERS - prefix.length;
  const text = parentUrn === undefined ? name : `${sha256(parentUrn, HASH_DIGITS)}-${name}`;
  const isPlain = text.length <= room && visible(text) === text;
  if (isPlain && !BEGINS_AS_HASHED.test(name) && !ENDS_AS_HASHED.test(text)) return prefix + text;
  // Not of the text, in which a name can imitate the hash of a parent.
  return prefix + hashed(text, room, JSON.stringify([parentUrn ?? null, name]));
}

/** The label that version 0.1.0 gave, by which its states and this run's deletes still know a resource. */
export function formerLabelOf(place: Place, name: string, parentUrn?: string): string {
  const own = parentUrn === undefined ? name : `${sha256(parentUrn, 8)}-${name}`;
  const text = `${placeText(place)}/${own}`;
  if (visible(text) === text && text.length <= MAX_LABEL_CHARACTERS) return text;
  return `${visible(text).slice(0, MAX_LABEL_CHARACTERS - 9)}-${sha256(text, 8)}`;
}

/** The same, told by the present label of a resource with a parent, whose hash had 8 digits; undefined for any other. */
export function formerChildLabel(label: string): string | undefined {
  const name = label.slice(label.lastIndexOf("/") + 1);
  return /^[0-9a-f]{16}-/.test(name)
    ? `${label.slice(0, label.length - name.length)}${name.slice(0, 8)}${name.slice(16)}`
    : undefined;
}

export function placeText({ organization, project, stack, kind }: Place): string {
  return [organization, project, stack, kind].join("/");
}

function hashed(text: string, room: number, original: string): string {
  const hash = `-${sha256(original, HASH_DIGITS)}`;
  return visible(text).slice(0, room - hash.length) + hash;
}

function visible(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, "-");
}
