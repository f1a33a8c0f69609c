/**
 * How many columns of a terminal a text takes: 2 for what East Asian scripts and emoji are drawn with, 0 for marks
 * that join the character before them, else 1.
 */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += segmentWidth(segment);
  }
  return width;
}

/** The text, or as much of its start as fits with `…` into `width` columns. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) {
    return text;
  }
  let kept = "";
  let used = 1;
  for (const { segment } of segmenter.segment(text)) {
    used += segmentWidth(segment);
    if (used > width) {
      break;
    }
    kept += segment;
  }
  return `${kept}…`;
}

// A terminal draws what a reader sees as one character, such as a family of emoji, in one place.
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const zeroWidth = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;
const emoji = /^\p{Emoji_Presentation}|\u{fe0f}/u;

function segmentWidth(segment: string): number {
  if (zeroWidth.test(segment)) {
    return 0;
  }
  return emoji.test(segment) || isWide(segment.codePointAt(0) ?? 0) ? 2 : 1;
}

/** Blocks that Unicode calls wide or full-width: https://www.unicode.org/reports/tr11/ */
const wideBlocks: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

function isWide(codePoint: number): boolean {
  return wideBlocks.some(([first, last]) => codePoint >= first && codePoint <= last);
}
