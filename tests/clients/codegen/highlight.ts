export type Stretch = { startUtf16: number; endUtf16: number };

/** A text in pieces, those marked that stand in a passage; passages that overlap are one piece. */
export function marked(text: string, passages: Stretch[]): { words: string; isMarked: boolean }[] {
  const pieces = [];
  let end = 0;
  for (const passage of passages.toSorted((a, b) => a.startUtf16 - b.startUtf16)) {
    const start = Math.max(end, passage.startUtf16);
    if (passage.endUtf16 <= start) continue;
    if (start > end) pieces.push({ words: text.slice(end, start), isMarked: false });
    end = passage.endUtf16;
    pieces.push({ words: text.slice(start, end), isMarked: true });
  }
  return end < text.length ? [...pieces, { words: text.slice(end), isMarked: false }] : pieces;
}
