import {
  enumTextAt,
  type Field,
  type FixedArrays,
  getBit,
  type Notice,
  type NumericType,
  strings,
  type TypedColumn,
  typedColumn,
} from "@framewright/data";

/** A field that can be one of the values of a time series, or tells series apart; or, in words, why it cannot. */
export interface SeriesField {
  readonly field: Field;
  readonly notices: readonly Notice[];
}

/**
 * What a field becomes in a time series: numbers, truth values and further times become float64, as Grafana's own data sources do
 * it, so that alert rules can use them. Texts stay, and enums become texts.
 *
 * @returns in words what is wrong, if it is a field of JSON
 */
export function seriesField(field: Field): SeriesField | string {
  const { column } = field;
  switch (column.type) {
    case "string":
      return { field, notices: [] };
    case "enum": {
      const texts = Array.from({ length: column.length }, (_, row) => enumTextAt(field, row));
      return { field: { ...field, config: undefined, column: strings(texts).column }, notices: [] };
    }
    case "json":
      return "is of type json, and the values of a time series are numbers; leave it out, or choose the format table";
    case "boolean": {
      const values = Float64Array.from({ length: column.length }, (_, row) => (getBit(column.values, row) ? 1 : 0));
      return withFloats(field, values);
    }
    case "time":
      return withFloats(
        field,
        Float64Array.from(column.values, (value) => Number(value / 1_000_000n)),
      );
    case "int64":
    case "uint64":
      return fromLargeIntegers(field, column);
    case "float64":
      return { field, notices: [] };
    default:
      return withFloats(field, Float64Array.from(numbersOf(column)));
  }
}

type SmallNumberType = Exclude<NumericType, "int64" | "uint64" | "float64">;

function numbersOf(column: TypedColumn<SmallNumberType>): FixedArrays[SmallNumberType] {
  return column.values;
}

function fromLargeIntegers(field: Field, column: TypedColumn<"int64" | "uint64">): SeriesField {
  const values = new Float64Array(column.length);
  let rounded = -1;
  for (let row = 0; row < column.length; row++) {
    const value = column.values[row] ?? 0n;
    const number = Number(value);
    values[row] = number;
    if (!Number.isSafeInteger(number) && rounded < 0 && BigInt(number) !== value) {
      rounded = row;
    }
  }
  const made = withFloats(field, values);
  if (rounded < 0) {
    return made;
  }
  const text = `column ${JSON.stringify(field.name)}: the values of a time series are float64, which rounds whole numbers beyond 2^53, first in row ${rounded + 1}; the format table has them exact`;
  return { ...made, notices: [{ severity: "warning", text }] };
}

function withFloats(field: Field, values: Float64Array): SeriesField {
  const { length, validity } = field.column;
  return { field: { ...field, column: typedColumn("float64", values.subarray(0, length), validity) }, notices: [] };
}
