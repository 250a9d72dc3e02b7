import { Converter, LiteralType, ReferenceType, ReflectionKind, UnionType, UnknownType } from "typedoc";

/** Types as a reader of the site needs them, where the compiler needs more. */
export function plainTypes(converter) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    plainArguments(project);
    plainErrors(project);
  });
}

/**
 * The arguments of a token are a union by which the compiler allows either `expiresAt` or `lifetime`. Here they are without
 * type parameters, without the types that no value has, and with `Input` by its name.
 */
function plainArguments(project) {
  const parameters = project.getReflectionsByKind(ReflectionKind.TypeParameter);
  const names = new Set(["Refused", ...parameters.map(({ name }) => name)]);
  const isPlain = ({ name }) => !names.has(name);
  for (const each of parameters) project.removeReflection(each);
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.type) reflection.type = plain(reflection.type, isPlain, project);
  }
}

function plain(type, isPlain, project) {
  if (type.type === "reference" && !(type.typeArguments ?? []).every(isPlain)) type.typeArguments = undefined;
  if (type.type !== "union") return type;
  const types = type.types.flatMap((part) => part.types ?? [part]).filter(isPlain);
  const [promised] = types.find(({ name }) => name === "Promise")?.typeArguments ?? [];
  if (promised === undefined) return Object.assign(type, { types });
  const input = ReferenceType.createBrokenReference("Input", project, "@pulumi/pulumi");
  return Object.assign(input, { typeArguments: [promised] });
}

/** The codes once, as the values of their type, and not each with the same two properties. */
function plainErrors(project) {
  const [[errors], [code]] = ["ERRORS", "ErrorCode"].map((name) =>
    project
      .getReflectionsByKind(ReflectionKind.Variable | ReflectionKind.TypeAlias)
      .filter((each) => each.name === name),
  );
  const { declaration } = errors.type;
  code.type = new UnionType(declaration.children.map(({ name }) => new LiteralType(name)));
  const [{ type: entry }] = declaration.children;
  const texts = entry.declaration.children.map(({ name }) => `${name}: string`);
  errors.type = new UnknownType(`Readonly<Record<ErrorCode, { ${texts.join("; ")} }>>`);
  project.removeReflection(declaration);
}

/** TypeDoc warns where it merges the properties of a union. Those of the arguments have the same comment in all its parts. */
export function allowUnions(logger) {
  const warn = logger.warn.bind(logger);
  logger.warn = (text, ...rest) => {
    if (!MERGED.some((pattern) => pattern.test(text))) warn(text, ...rest);
  };
}

const MERGED = [
  /^Using @interface on a union type/,
  /^(expiresAt|lifetime|rotateBefore) has multiple declarations with a comment/,
];
