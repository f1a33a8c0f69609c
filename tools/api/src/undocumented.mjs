// @ts-check
import { ReflectionKind } from "typedoc";

/** What has to have a comment. */
const documented =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Enum |
  ReflectionKind.EnumMember |
  ReflectionKind.Variable |
  ReflectionKind.Property |
  ReflectionKind.GetSignature |
  ReflectionKind.CallSignature;

/**
 * Names of the public exports and public members without a comment. TypeDoc's own check would name these as well:
 *
 * - what stands in an object type that is written inline: the member or type that has it says what it is
 * - the codecs and enums that are generated from `proto/` under the name of a type that has the comment
 *
 * @param {import("typedoc").ProjectReflection} project
 * @returns {string[]}
 */
export function undocumented(project) {
  const names = project
    .getReflectionsByKind(documented)
    .filter((reflection) => !hasComment(reflection) && !isInline(reflection) && !isCompanion(reflection))
    .map((reflection) => reflection.getFriendlyFullName());
  return [...new Set(names)].sort();
}

/**
 * A function that is a property's or a type's has its comment at the one or at the other.
 *
 * @param {import("typedoc").Reflection} reflection
 * @returns {boolean}
 */
function hasComment(reflection) {
  if (reflection.hasComment()) {
    return true;
  }
  if (reflection.kindOf(ReflectionKind.SomeSignature)) {
    return reflection.parent?.hasComment() === true;
  }
  const { type } = /** @type {import("typedoc").DeclarationReflection} */ (reflection);
  return (
    type?.type === "reflection" && type.declaration.signatures?.some((signature) => signature.hasComment()) === true
  );
}

/** @param {import("typedoc").Reflection} reflection */
function isInline(reflection) {
  for (let outer = reflection.parent; outer !== undefined; outer = outer.parent) {
    if (outer.kindOf(ReflectionKind.TypeLiteral | ReflectionKind.Parameter)) {
      return true;
    }
  }
  return false;
}

/** @param {import("typedoc").Reflection} reflection */
function isCompanion(reflection) {
  const { parent } = reflection;
  return (
    reflection.kindOf(ReflectionKind.Variable | ReflectionKind.TypeAlias) &&
    parent?.isDeclaration() === true &&
    parent.children?.some((other) => other !== reflection && other.name === reflection.name && other.hasComment()) ===
      true
  );
}
