import { createHash } from "node:crypto";

import fc from "fast-check";

import { KINDS, type KindName } from "../../provider/domain/kinds";
import {
  formerChildLabel,
  formerLabelOf,
  labelHashes,
  labelOf,
  labelOfUrn,
  labelPrefix,
  type Place,
} from "../../provider/domain/label";
import { labelIn, listNameOf } from "../../provider/domain/list-name";
import { runs } from "../support/property-runs";

const sha = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const HASH = /-[0-9a-f]{16}$/;
const PARENT = "urn:pulumi:prod::shop::my:shop:Front::front";

const SHORT: Place = { organization: "acme", project: "shop", stack: "prod", kind: "private" };
const LONG: Place = { ...SHORT, project: "shop-infrastructure-of-all", stack: "production-eu" };

describe("the place", () => {
  const ofLength = (length: number): Place => {
    const stack = "s".repeat(length - "acme/shop//private".length);
    return { ...SHORT, stack };
  };

  it("of 40 characters stands in the label as it is", () => {
    const place = ofLength(40);
    expect(labelOf(place, "web")).toBe(`acme/shop/${place.stack}/private/web`);
  });

  it("of 41 characters is cut to 40, with 16 digits of its own hash and whatever the name", () => {
    const place = ofLength(41);
    const whole = `acme/shop/${place.stack}/private`;
    expect(labelPrefix(place)).toBe(`${whole.slice(0, 23)}-${sha(whole)}/`);
    for (const name of ["web", "a b", "n".repeat(90)]) {
      expect(labelOf(place, name).startsWith(labelPrefix(place))).toBe(true);
      expect(labelOf(place, name, PARENT).startsWith(labelPrefix(place))).toBe(true);
    }
    expect(labelOf(place, "web")).toBe(`${labelPrefix(place)}web`);
  });

  it("is told from one that begins alike", () => {
    expect(labelPrefix(LONG)).not.toBe(labelPrefix({ ...LONG, stack: "production-us" }));
    expect(labelPrefix(LONG).slice(0, 24)).toBe(labelPrefix({ ...LONG, stack: "production-us" }).slice(0, 24));
  });

  it("with invisible characters, which only mocks can have, is hashed as well", () => {
    expect(labelPrefix({ ...SHORT, project: "sh p" })).toBe(`acme/sh-p/prod/private-${sha("acme/sh p/prod/private")}/`);
  });
}); // prettier-ignore

describe("the name", () => {
  it("stays as it is in a label of 80 visible characters", () => {
    const name = "x".repeat(80 - "acme/shop/prod/private/".length);
    expect(labelOf(SHORT, name)).toBe(`acme/shop/prod/private/${name}`);
  });

  it("[X10] is cut where the label would have 81, and gets a hash", () => {
    const name = "y".repeat(81 - "acme/shop/prod/private/".length);
    expect(labelOf(SHORT, name)).toHaveLength(80);
    expect(labelOf(SHORT, name)).toMatch(/^acme\/shop\/prod\/private\/y{40}-[0-9a-f]{16}$/);
  });

  it("has 16 digits of its parent's hash before it", () => {
    expect(labelOf(SHORT, "web", PARENT)).toBe(`acme/shop/prod/private/${sha(PARENT)}-web`);
  });

  it.each([
    ["a space", "a b", "a-b"],
    ["a line break", "a\r\nb", "a--b"],
    ["NUL and DEL", "a\u0000b\u007fc", "a-b-c"],
    ["an umlaut", "größe", "gr--e"],
    ["an emoji, which is one character", "a😀b", "a-b"],
    ["a family of emoji", "👨‍👩‍👧", "-----"],
    ["half an emoji", "a\ud83d", "a-"],
    ["a right-to-left override", "a\u202eb", "a-b"],
  ])("[X10] loses %s and gets a hash", (_, name, visible) => {
    const label = labelOf(SHORT, name);
    expect(label.slice(0, -17)).toBe(`acme/shop/prod/private/${visible}`);
    expect(label).toMatch(HASH);
  });

  it.each([
    ["ends as a hash of 8 digits", "a-b-3b299e26", true],
    ["ends as a hash of 16 digits", "a-b-0123456789abcdef", true],
    ["begins as a parent's hash of 8 digits", "12345678-x", true],
    ["begins as a parent's hash of 16 digits", "0123456789abcdef-x", true],
    ["is a dash and 8 digits", "-12345678", true],
    ["has 7 digits", "a-1234567", false],
    ["has 9 digits", "a-123456789", false],
    ["has 15 digits", "012345678abcdef-x", false],
    ["has capital digits", "a-1234567A", false],
    ["is digits alone", "12345678", false],
    ["has digits and a slash", "private/12345678", false],
  ])("that %s gets a hash: %s %s", (_, name, isHashed) => {
    expect(labelOf(SHORT, name)).toMatch(isHashed ? HASH : /\/prod\/private\/[^/].*$/);
    expect(labelOf(SHORT, name) === `acme/shop/prod/private/${name}`).toBe(!isHashed);
  });

  it("of a child that is a hash alone gets one too", () => {
    const label = labelOf(SHORT, "0123456789abcdef", PARENT);
    expect(label).toMatch(/^acme\/shop\/prod\/private\/[0-9a-f]{16}-0123456789abcdef-[0-9a-f]{16}$/);
  });
});

describe("two resources never share a label:", () => {
  it.each<[string, readonly string[]]>([
    ["names that look alike once they are made visible", ["a b", "a\tb", "a😀b", "aüb", "a-b", "a\u00a0b"]],
    ["halves of emoji", ["a\ud83d", "a\ud83e", "a\\ud83d"]],
    ["names that begin alike", [`${"z".repeat(90)}1`, `${"z".repeat(90)}2`]],
  ])("%s", (_, names) => {
    expect(new Set(names.map((name) => labelOf(SHORT, name))).size).toBe(names.length);
  });

  it("a changed name, and one that is what it became", () => {
    for (const parent of [undefined, PARENT]) {
      const [, became = ""] = /private\/(.*)$/.exec(labelOf(SHORT, "a b", parent)) ?? [];
      expect(labelOf(SHORT, became)).not.toBe(labelOf(SHORT, "a b", parent));
    }
  });

  it("a parent's child, and one without a parent that imitates its hash", () => {
    for (const name of ["x", "x y", "n".repeat(80)]) {
      expect(labelOf(SHORT, `${sha(PARENT)}-${name}`)).not.toBe(labelOf(SHORT, name, PARENT));
    }
  });

  it("a place that is cut, and a short one whose names go on like it", () => {
    const [head = "", ...rest] = labelPrefix(LONG).split("/");
    const imitation = { ...SHORT, organization: head, project: rest[0] ?? "", stack: rest[1] ?? "" };
    expect(labelOf(imitation, "private/web")).not.toBe(labelOf(LONG, "web"));
  });

  it("[X10] whatever they are called; each has at most 80 visible characters, and is read back from a list name", () => {
    // Few letters and long runs, so that what is cut, replaced and hashed meets its imitations.
    const letters = (alphabet: string, maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: 1, maxLength });
    const part = fc.oneof(letters("ab", 2), letters("a-", 3), letters("ab-", 40));
    const kind = fc.constantFrom(...(Object.keys(KINDS) as KindName[]));
    const place = fc.record({ organization: part, project: part, stack: part, kind });
    const parent = fc.option(fc.constantFrom("urn:a", "urn:b"), { nil: undefined });
    const digits = fc.constantFrom("12345678", sha("urn:a"), sha("urn:b"), "0123456789abcdef");
    const word = fc.oneof(letters("ab-/ #ü", 3), letters("a-", 60), fc.string({ unit: "grapheme", maxLength: 90 }), digits, kind);
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-"));
    const resource = fc.record({ place, parent, name });
    const imitation = fc.record({ of: resource, tail: fc.nat(3), isChild: fc.boolean() });
    const text = ({ place: at, parent: urn, name: own }: { place: Place; parent: string | undefined; name: string }) =>
      labelOf(at, own, urn);
    fc.assert(
      fc.property(resource, resource, imitation, (one, other, { of, tail, isChild }) => {
        const parts = text(of).split("/");
        const all = [
          ...[one, other, of],
          // Is called what is left of the other's label behind its first parts.
          { place: of.place, parent: isChild ? of.parent : undefined, name: parts.slice(parts.length - 1 - tail).join("/") || "x" },
          // Has no parent, and the hash of the other's in its name.
          { place: of.place, parent: undefined, name: `${sha(of.parent ?? "")}-${of.name}` },
          // Is called the same in a stack whose name goes on.
          { ...of, place: { ...of.place, stack: `${of.place.stack}a` } },
        ];
        for (const each of all) {
          expect(text(each)).toMatch(/^[\x21-\x7e]{1,80}$/);
          expect(text(each)).toBe(text(each));
          expect(labelIn(listNameOf(text(each), "0f".repeat(16)))).toBe(text(each));
        }
        const different = new Set(all.map((each) => JSON.stringify([each.place, each.parent ?? null, each.name])));
        expect(new Set(all.map(text)).size).toBe(different.size);
      }),
      { numRuns: 1_000 },
    );
  });
}); // prettier-ignore

describe("a label is read back", () => {
  const letters = fc.constantFrom(...Array.from("abcXYZ019-_."));
  const part = fc.string({ unit: letters, minLength: 1, maxLength: 9 });
  const kind = fc.constantFrom(...(Object.keys(KINDS) as KindName[]));
  const place = fc.record({ organization: part, project: part, stack: part, kind });
  const name = fc.oneof(
    part,
    fc.string({ unit: fc.constantFrom(...Array.from("ab-/#:")), minLength: 1, maxLength: 60 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    fc.constantFrom("0123456789abcdef-x", "x-12345678", "12345678"),
  );
  const parent = fc.option(fc.constantFrom(PARENT, "urn:a"), { nil: undefined });

  it("to its place, and to its name or a hash of that and of the parent, by its parts alone", () => {
    fc.assert(
      fc.property(place, name, parent, (at, own, urn) => {
        const label = labelOf(at, own, urn);
        const whole = [at.organization, at.project, at.stack, at.kind].join("/");
        // No part of a place holds a slash, and a name may.
        const parts = label.split("/");
        const isCut = whole.length > 40;
        const [read, rest] = isCut
          ? [label.slice(0, 40), label.slice(41)]
          : [parts.slice(0, 4).join("/"), parts.slice(4).join("/")];
        expect(read).toBe(isCut ? `${whole.slice(0, 23)}-${sha(whole)}` : whole);
        const before = urn === undefined ? "" : `${sha(urn)}-`;
        const hash = `-${sha(JSON.stringify([urn ?? null, own]))}`;
        if (rest !== before + own) {
          expect(rest.endsWith(hash)).toBe(true);
          const shown = (before + own).replace(/[^\x21-\x7e]/gu, "-");
          expect(shown.startsWith(rest.slice(0, -hash.length))).toBe(true);
          // Only what is too long, not visible, or looks hashed is hashed.
          const looksHashed = /^([0-9a-f]{8}){1,2}-/.test(own) || /-([0-9a-f]{8}){1,2}$/.test(before + own);
          const isTooLong = read.length + 1 + before.length + own.length > 80;
          expect(isTooLong || shown !== before + own || looksHashed).toBe(true);
        }
        const meanings = labelHashes(label, urn !== undefined) ?? "";
        if (urn !== undefined) expect(meanings).toContain(`${sha(urn)} stands for its parent resource`);
        if (rest.endsWith(hash)) expect(meanings).toContain(`${hash.slice(1)} stands for its whole text`);
      }),
      runs(300),
    );
  });
}); // prettier-ignore

describe("what the hashes in a label stand for", () => {
  const meaningOf = (name: string, parent?: string, place = SHORT) => labelHashes(labelOf(place, name, parent), parent !== undefined);
  const PARENTS = `${sha(PARENT)} stands for its parent resource`;

  it("is nothing without one", () => {
    expect(meaningOf("web")).toBeUndefined();
  });

  it("is the parent's URN in front of a child's name", () => {
    expect(meaningOf("web", PARENT)).toBe(PARENTS);
    expect(labelHashes("acme/shop/prod/private/0a1b2c3d-web", true)).toBe("0a1b2c3d stands for its parent resource");
  });

  it("is the whole text at the end of what was cut or changed", () => {
    const whole = /^[0-9a-f]{16} stands for its whole text, which was cut or changed$/;
    expect(meaningOf("n".repeat(100))).toMatch(whole);
    expect(meaningOf("web", undefined, LONG)).toMatch(whole);
    // A name that only looks like a child's.
    expect(meaningOf("0a1b2c3d-web")).toMatch(whole);
    expect(meaningOf("n".repeat(100), PARENT)).toMatch(new RegExp(`^${PARENTS}, [0-9a-f]{16} stands for its whole text`));
  });
}); // prettier-ignore

describe("what the hashes in a label of version 0.1.0 stand for", () => {
  const CHILD = "0a1b2c3d-web";
  const PARENTS = "0a1b2c3d stands for its parent resource";

  /** Places of more than 40 characters, which version 0.1.0 did not cut: the 40th ends, or is in, the project's name. */
  it.each([
    ["with a long stack", "acme/shop-infrastructure-of-all/production-eu/private"],
    ["with a long project", "acme/shop-infrastructure-of-all-countrie/prod/private"],
    ["with digits as of a hash in its project", "acme/shop-0123456789abcdef-all-countries/prod/private"],
    ["with a digit at the end of its project", "acme/shop-infrastructure-of-all-countr-5/prod/private"],
    ["with 17 digits at the end of its project", "acme/shop-of-everything-0123456789abcdef0/prod/private"],
  ])("at a place %s is the parent", (_, place) => {
    expect(labelHashes(`${place}/${CHILD}`, true)).toBe(PARENTS);
    expect(labelHashes(`${place}/${CHILD}-0123456789abcdef`, true)).toContain(PARENTS);
  });

  it("that was cut within its place is the whole text alone", () => {
    const place = { ...SHORT, project: "shop-12345678", stack: `0a1b2c3d-${"s".repeat(60)}` };
    const label = formerLabelOf(place, "web", PARENT);
    expect(labelHashes(label, true)).toBe(`${label.slice(-8)} stands for its whole text, which was cut or changed`);
  });
}); // prettier-ignore

it("a name with slashes is no part of a place that is cut", () => {
  const [place, name] = [labelPrefix(LONG).slice(-17, -1), "a/b/c-01234567"];
  const label = labelOf(LONG, name);
  const whole = [place, label.slice(-16)].map((hash) => `${hash} stands for its whole text, which was cut or changed`);
  expect(labelHashes(label, false)).toBe(whole.join(", "));
  expect(labelHashes(labelOf(LONG, "a/b/c", PARENT), true)).toBe(
    `${sha(PARENT)} stands for its parent resource, ${whole[0] ?? ""}`,
  );
}); // prettier-ignore

describe("the label of the plugin's resource", () => {
  const TYPE = "bigcommerce:index:PrivateToken";

  it("has a dash for the organization, which a URN does not have", () => {
    expect(labelOfUrn("private", `urn:pulumi:prod::shop::${TYPE}::web`)).toBe("-/shop/prod/private/web");
  });

  it("has the hash of all types in its URN if it has a parent, so that other parents' resources have other labels", () => {
    const types = [`my:shop:Front$${TYPE}`, `my:shop:Back$${TYPE}`];
    const labels = types.map((each) => labelOfUrn("private", `urn:pulumi:prod::shop::${each}::web`));
    expect(labels).toEqual(types.map((each) => `-/shop/prod/private/${sha(each)}-web`));
  });
}); // prettier-ignore

describe("the label of version 0.1.0", () => {
  const sha8 = (text: string) => sha(text).slice(0, 8);
  const PLACE = "acme/shop/prod/private";

  it("has no hash if it is plain and short, and 8 digits of its parent's URN in front", () => {
    expect(formerLabelOf(SHORT, "web")).toBe(`${PLACE}/web`);
    expect(formerLabelOf(SHORT, "web", PARENT)).toBe(`${PLACE}/${sha8(PARENT)}-web`);
  });

  it("is cut to 80 characters, with 8 digits of the whole", () => {
    const name = "n".repeat(80 - PLACE.length - 1);
    expect(formerLabelOf(SHORT, name)).toBe(`${PLACE}/${name}`);
    const longer = `${PLACE}/${name}n`;
    expect(formerLabelOf(SHORT, `${name}n`)).toBe(`${longer.slice(0, 71)}-${sha8(longer)}`);
  });

  it("has only visible characters, and a hash if one was changed", () => {
    expect(formerLabelOf(SHORT, "a b")).toBe(`${PLACE}/a-b-${sha8(`${PLACE}/a b`)}`);
  });

  it("is found from that of a resource with a parent, and from no other", () => {
    const child = `${PLACE}/${sha(PARENT)}-web`;
    expect(formerChildLabel(child)).toBe(formerLabelOf(SHORT, "web", PARENT));
    for (const name of ["web", "a-web", `x${sha(PARENT)}-web`, sha8(PARENT) + "-web", sha(PARENT)]) {
      expect(formerChildLabel(`${PLACE}/${name}`)).toBeUndefined();
    }
  });
});

it("a resource with a parent whose name has no hash in front stands for no parent", () => {
  expect(labelHashes("acme/shop/prod/private/web", true)).toBeUndefined();
  expect(labelHashes("acme/shop/prod/private/x-01234567-web", true)).toBeUndefined();
  expect(labelHashes("acme/shop/prod/private/x-01234567-web", false)).toBeUndefined();
});
