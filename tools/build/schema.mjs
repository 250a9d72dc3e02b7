import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import ts from "typescript";

import { ROOT } from "./bundle.mjs";

const require = createRequire(import.meta.url);
const { KINDS, typesOf } = require(join(ROOT, "dist/provider/domain/kinds.js"));
const { inputsOf, ON_DELETE, outputsOf, OVERLAPS, SCOPES } = require(
  join(ROOT, "dist/provider/domain/properties.js"),
);
const { CONFIG_TYPES, PROVIDER_INPUTS } = require(join(ROOT, "dist/provider/domain/provider-inputs.js"));
const packageJson = require(join(ROOT, "package.json"));

const MODULE = "bigcommerce:index";
const RESOURCES = "provider/resources";
const PREDECESSOR = "provider/domain/fate.ts";

/**
 * The package schema of the plugin: types, secrets and defaults from the provider's own tables, descriptions from the
 * comments of the classes and of their arguments.
 */
export function packageSchema() {
  const classes = readdirSync(join(ROOT, RESOURCES)).map((name) => `${RESOURCES}/${name}`);
  const comments = commentsIn([...classes, PREDECESSOR]);
  const names = { [OVERLAPS]: "Overlap", [ON_DELETE]: "OnDelete", [SCOPES]: "Scope" };
  const reference = (name) => ({ $ref: `#/types/${MODULE}:${name}` });
  const typeOf = (type) => {
    if (Array.isArray(type)) return reference(names[type]);
    if (typeof type === "object" && type.listOf) return { type: "array", items: typeOf(type.listOf) };
    if (typeof type === "object") return { oneOf: type.oneOf.map(typeOf) };
    return /^[A-Z]/.test(type) ? reference(type) : { type };
  };
  const propertiesOf = (table, place) =>
    Object.fromEntries(
      Object.entries(table).map(([name, { type, isSecret, isReplacing, default: fallback }]) => [
        name,
        {
          description: comments.of(place, name),
          ...typeOf(type),
          ...(isSecret && { secret: true }),
          ...(fallback !== undefined && place === "Args" && { default: fallback }),
          // On inputs both are documentation. On outputs, SDKs would make of it an option, with which the engine decides as well.
          ...(isReplacing && place === "Args" && { replaceOnChanges: true, willReplaceOnChanges: true }),
        },
      ]),
    );
  const required = (table) => Object.keys(table).filter((name) => table[name].isRequired);

  const resources = Object.values(KINDS).map((kind) => {
    const [inputs, outputs] = [inputsOf(kind), outputsOf(kind)];
    return [
      `${MODULE}:${kind.className}`,
      {
        description: comments.of("class", kind.className),
        properties: propertiesOf(outputs, "Resource"),
        required: required(outputs),
        inputProperties: propertiesOf(inputs, "Args"),
        requiredInputs: required(inputs),
        aliases: [{ type: typesOf(kind).dynamic }],
      },
    ];
  });
  const words = (type, values, description) => ({
    description,
    type: "string",
    enum: values.map((value) => ({ value })),
  });
  const predecessor = comments.propertiesOf("Predecessor");
  return {
    name: "bigcommerce",
    version: packageJson.version,
    displayName: "BigCommerce tokens",
    description: packageJson.description,
    keywords: ["pulumi", "bigcommerce", "category/infrastructure", "kind/native"],
    license: packageJson.license,
    meta: { moduleFormat: "(.*)" },
    language: {
      go: { respectSchemaVersion: true },
      // The default would be a name in the scope of Pulumi's own packages.
      nodejs: {
        packageName: "pulumi-bigcommerce",
        packageDescription: packageJson.description,
        respectSchemaVersion: true,
      },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
    },
    config: { variables: providerInputs(), defaults: [] },
    provider: { description: "The stores and credentials of the tokens.", inputProperties: providerInputs() },
    types: {
      [`${MODULE}:Overlap`]: words("Overlap", OVERLAPS, "What happens to a token that is replaced."),
      [`${MODULE}:OnDelete`]: words("OnDelete", ON_DELETE, "What happens to a token that is removed."),
      [`${MODULE}:Scope`]: words("Scope", SCOPES, "The data that a private token may access."),
      [`${MODULE}:Verify`]: {
        description: "Where a new token is tested.",
        type: "object",
        properties: { graphqlUrl: { type: "string", description: "The URL of a GraphQL API." } },
        required: ["graphqlUrl"],
      },
      [`${MODULE}:Predecessor`]: {
        description: comments.of("interface", "Predecessor"),
        type: "object",
        ...predecessor,
      },
    },
    resources: Object.fromEntries(resources),
  };
}

function providerInputs() {
  return Object.fromEntries(
    Object.entries(PROVIDER_INPUTS).map(([name, { description, isSecret }]) => [
      name,
      { description, ...CONFIG_TYPES[name], ...(isSecret && { secret: true }) },
    ]),
  );
}

/** The main text of doc comments, without tags, one paragraph a line. */
function commentsIn(files) {
  const found = new Map();
  const shapes = new Map();
  const note = (key, node) => {
    const text = textOf(node);
    if (text && !found.has(key)) found.set(key, text);
  };
  const visit = (node, place) => {
    if (ts.isClassDeclaration(node) && node.name) {
      note(`class ${node.name.text}`, node);
      node.members.forEach((member) => visit(member, "Resource"));
      return;
    }
    if (ts.isInterfaceDeclaration(node)) {
      note(`interface ${node.name.text}`, node);
      shapes.set(node.name.text, node.members);
      node.members.forEach((member) =>
        visit(member, node.name.text === "Predecessor" ? "Predecessor" : "Args"),
      );
      return;
    }
    if ((ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) && node.name)
      note(`${place} ${node.name.getText()}`, node);
    ts.forEachChild(node, (child) => visit(child, place));
  };
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), "utf8");
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true), "Args");
  }
  return {
    of(place, name) {
      const text =
        found.get(`${place} ${name}`) ?? (place === "Resource" ? found.get(`Args ${name}`) : undefined);
      if (text === undefined) throw new Error(`${place} ${name} has no comment`);
      return text;
    },
    propertiesOf(name) {
      const members = [...shapes.get(name)];
      return {
        properties: Object.fromEntries(
          members.map((member) => [
            member.name.getText(),
            { description: textOf(member), ...schemaTypeOf(member.type) },
          ]),
        ),
        required: members.filter((member) => !member.questionToken).map((member) => member.name.getText()),
      };
    },
  };
}

function schemaTypeOf(node) {
  const text = node.getText().replace(/^readonly /, "");
  if (text.endsWith("[]"))
    return { type: "array", items: { type: text === "number[]" ? "integer" : "string" } };
  return { type: "string" };
}

function textOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  return text
    ?.split(/\n(?=\n|- )/)
    .map((part) => part.trim().replace(/\s*\n\s*/g, " "))
    .filter(Boolean)
    .join("\n");
}
