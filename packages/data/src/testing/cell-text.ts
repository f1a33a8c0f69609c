import type { JsonColumn } from "../column.js";
import type { Field } from "../field.js";
import { valueFormatter } from "../format/format-value.js";
import { textAt } from "../utf8.js";
import { enumTextAt, hasValue, valueAt } from "../value.js";
import { isJson, isVisible, quoted } from "./quoted.js";

/**
 * Makes texts of the rows of a field, from which the values can be read again: numbers with all their digits; times in
 * UTC, each as precise as the most precise of `rows`; texts in quotes; an enum's value as its text in quotes, or as its
 * number where no text is its own; JSON as it is, or quoted behind the word `text` where it would not be seen as it is.
 */
export function cellFormatter(field: Field, rows: readonly number[]): (row: number) => string {
  const { column } = field;
  switch (column.type) {
    case "string":
      return (row) => (hasValue(column, row) ? quoted(textAt(column, row)) : NULL);
    case "json":
      return (row) => (hasValue(column, row) ? documentText(column, row) : NULL);
    case "enum":
      return (row) => enumText(field, row);
    default:
      return valueFormatter(field, rows);
  }
}

/** The cell of a row without a value. A text that is `null` stands in quotes. */
export const NULL = "null";

/** The word before a JSON document in quotes. */
export const DOCUMENT_TEXT = "text";

function documentText(column: JsonColumn, row: number): string {
  const document = textAt(column, row);
  // What is no JSON may have a quote without its match, which would take in the cells behind it.
  const asItIs = document !== NULL && document.trim() === document && isVisible(document) && isJson(document);
  return asItIs ? document : `${DOCUMENT_TEXT} ${quoted(document)}`;
}

function enumText(field: Field, row: number): string {
  const place = valueAt(field, row);
  const text = enumTextAt(field, row);
  const isItsOwn = text !== null && field.config?.type?.enum?.text.indexOf(text) === place;
  return isItsOwn ? quoted(text) : String(place);
}
