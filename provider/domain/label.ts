import { sha256 } from "./fingerprint";
import type { KindName } from "./kinds";
import { partsOf } from "./urn";

/** Where tokens of a kind are declared. Pulumi allows no slash in organization, project and stack. */
export interface Place {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly kind: KindName;
}

const MAX_PLACE_CHARACTERS = 40;
export const MAX_LABEL_CHARACTERS = 80;
const HASH_DIGITS = 16;

/** A name that looks like it has one of our hashes gets a hash of its own. Version 0.1.0 had hashes of 8 digits. */
const BEGINS_AS_HASHED = /^(?:[0-9a-f]{8}){1,2}-/;
const ENDS_AS_HASHED = /-(?:[0-9a-f]{8}){1,2}$/;

/**
 * The prefix of all labels of a place: `<organization>/<project>/<stack>/<kind>/`. If it is longer than 40 characters, it
 * is cut and gets its own hash, so that it does not depend on the name.
 */
export function labelPrefix(place: Place): string {
  const text = placeText(place);
  const isPlain = text.length <= MAX_PLACE_CHARACTERS && visible(text) === text;
  return `${isPlain ? text : hashed(text, MAX_PLACE_CHARACTERS, text)}/`;
}

/** The organization in the labels of the plugin's resources: a URN has none. */
export const UNKNOWN_ORGANIZATION = "-";

/**
 * Identifies a resource among all stacks that share a store. It has only visible ASCII characters, for the store's list.
 * `parent`: what tells the resource from those of other parents with the same name.
 */
export function labelOf(place: Place, name: string, parent?: string): string {
  const prefix = labelPrefix(place);
  const room = MAX_LABEL_CHARACTERS - prefix.length;
  const text = parent === undefined ? name : `${sha256(parent, HASH_DIGITS)}-${name}`;
  const isPlain = text.length <= room && visible(text) === text;
  if (isPlain && !BEGINS_AS_HASHED.test(name) && !ENDS_AS_HASHED.test(text)) return prefix + text;
  // Not a hash of the text: there, a name can look like the hash of a parent.
  return prefix + hashed(text, room, JSON.stringify([parent ?? null, name]));
}

/** The label of the plugin's resource. The types of its ancestors tell it from others of its name, as they do in its URN. */
export function labelOfUrn(kind: KindName, urn: string): string {
  const { stack, project, types, resource } = partsOf(urn);
  const place = { organization: UNKNOWN_ORGANIZATION, project, stack, kind };
  return labelOf(place, resource, types.includes("$") ? types : undefined);
}

/**
 * What the hashes in a label stand for, for people; undefined if it has none. Only a resource with a parent has one in
 * front of its name: the same digits may be a name's own.
 */
export function labelHashes(label: string, hasParent: boolean): string | undefined {
  const place = placeIn(label);
  const name = label.slice(place.length + 1);
  const parent = hasParent ? /^(?:[0-9a-f]{8}){1,2}(?=-)/.exec(name)?.[0] : undefined;
  const cut = [place, name].flatMap((part) => /-((?:[0-9a-f]{8}){1,2})$/.exec(part)?.[1] ?? []);
  const meanings = [
    ...(parent === undefined ? [] : [`${parent} stands for its parent resource`]),
    ...cut.map((hash) => `${hash} stands for its whole text, which was cut or changed`),
  ];
  return meanings.length === 0 ? undefined : meanings.join(", ");
}

/**
 * The place in a label, cut or not. A name may hold slashes, and the parts of a place none. Version 0.1.0 cut no place by
 * itself: where it cut the label within the place, nothing of the name is left.
 */
function placeIn(label: string): string {
  const plain = label.split("/").slice(0, 4).join("/");
  const isCut =
    /-[0-9a-f]{16}$/.test(label.slice(0, MAX_PLACE_CHARACTERS)) && label[MAX_PLACE_CHARACTERS] === "/";
  return isCut ? plain.slice(0, MAX_PLACE_CHARACTERS) : plain;
}

/** The label of version 0.1.0. States of that version still have it, and so have the deletes of this run. */
export function formerLabelOf(place: Place, name: string, parentUrn?: string): string {
  const own = parentUrn === undefined ? name : `${sha256(parentUrn, 8)}-${name}`;
  const text = `${placeText(place)}/${own}`;
  if (visible(text) === text && text.length <= MAX_LABEL_CHARACTERS) return text;
  return `${visible(text).slice(0, MAX_LABEL_CHARACTERS - 9)}-${sha256(text, 8)}`;
}

/** The label of version 0.1.0, derived from the label of a resource with a parent. Undefined for any other label. */
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
