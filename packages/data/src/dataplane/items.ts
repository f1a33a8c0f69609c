import type { Field } from "../field.js";
import { isNumericType } from "../field-type.js";
import { compareTexts } from "../json/go-json.js";
import { groupRows } from "../series/groups.js";

/** Whether a field holds what the contract calls values: numbers or booleans. */
export function isValueField({ column }: Field): boolean {
  return isNumericType(column.type) || column.type === "boolean";
}

/** Labels as text, such as `{host=a, zone=1}`. */
export function labelsText(labels: Field["labels"]): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => compareTexts(a, b));
  return `{${pairs.map(([name, value]) => `${name}=${value}`).join(", ")}}`;
}

/** Says where two fields have the same name and labels, by which the contract tells items apart. */
export function repeatedItems(fields: readonly Field[]): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { name, labels } of fields) {
    const key = JSON.stringify([name, labelsText(labels)]);
    if (seen.has(key)) {
      problems.push(`two value fields are called ${JSON.stringify(name)} with the labels ${labelsText(labels)}`);
    }
    seen.add(key);
  }
  return problems;
}

/**
 * Says where two rows have the same texts in `factors`, and the same number in `times` where that is given.
 * @param what such rows are called
 */
export function repeatedRows(factors: readonly Field[], length: number, what: string, times?: BigInt64Array): string[] {
  const { groups, groupOfRow } = groupRows(factors, length);
  const seen = new Set<string>();
  for (let row = 0; row < length; row++) {
    const group = groupOfRow[row] ?? 0;
    const key = times === undefined ? String(group) : `${group} ${times[row]}`;
    if (seen.has(key)) {
      return [`row ${row} repeats the ${what} of a row above, with ${labelsText(groups[group]?.labels)}`];
    }
    seen.add(key);
  }
  return [];
}

/** Says where two of the fields have the same name, since as labels they could not both be. */
export function repeatedNames(fields: readonly Field[]): string[] {
  const names = fields.map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `two text fields are called ${JSON.stringify(name)}`);
}
