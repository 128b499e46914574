import { LITERAL } from "./cell-texts.ts";
import type { Gap } from "./source-shape.ts";

/**
 * Within a literal: what a cell of the same document gives stands here. The next character tells the place of its gap in
 * the shape. No token of JSON has such a character, so literals from before there were references have none.
 */
const REFERENCE = "\u0002";
/** The character of the first gap: a shape has so few gaps that none is a surrogate. */
const FIRST_PLACE = 0x20;

/** Shorter literals stay as they are, and shorter pieces in them. */
const MIN_LITERAL = 16;
const MIN_PIECE = 5;
const QUOTE = '"';

/** A piece that the cell of a gap gives, by the place of the gap in the shape. */
type Piece = { bare: string; place: number };

/**
 * The literals with a reference for each piece that the cell of another gap gives, longer pieces first: lines of logs
 * hold much of what was read out of them. `tokens` are those of all gaps.
 */
export function withReferences(gaps: readonly Gap[], tokens: readonly string[]): readonly string[] {
  let pieces: readonly Piece[] | undefined;
  const literals: string[] = [];
  for (let place = 0; place < gaps.length; place += 1) {
    const token = tokens[place];
    if (token === undefined || gaps[place]?.way !== LITERAL) continue;
    if (token.length < MIN_LITERAL) literals.push(token);
    else {
      pieces ??= piecesOf(gaps, tokens);
      literals.push(pieces.length === 0 ? token : referring(token, pieces));
    }
  }
  return literals;
}

function referring(literal: string, pieces: readonly Piece[]): string {
  // Every second part is a reference, in which nothing is looked for.
  let parts: string[] | undefined;
  for (const { bare, place } of pieces) {
    if (bare.length > literal.length || !literal.includes(bare)) continue;
    const reference = REFERENCE + String.fromCharCode(FIRST_PLACE + place);
    parts = (parts ?? [literal]).flatMap((part, i) => (i % 2 === 1 ? [part] : parted(part, { bare, reference })));
  }
  return parts === undefined ? literal : parts.join("");
}

function parted(part: string, { bare, reference }: { bare: string; reference: string }): string[] {
  return part.split(bare).flatMap((text, i) => (i === 0 ? [text] : [reference, text]));
}

function piecesOf(gaps: readonly Gap[], tokens: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  for (let place = 0; place < gaps.length; place += 1) {
    const token = tokens[place];
    if (token === undefined || token.length < MIN_PIECE || gaps[place]?.way === LITERAL) continue;
    const bare = withoutQuotes(token);
    if (bare.length >= MIN_PIECE) pieces.push({ bare, place });
  }
  return pieces.sort((a, b) => b.bare.length - a.bare.length);
}

/** The literal as it was; `tokenAt` gives the token of a gap by its place. */
export function withoutReferences(literal: string, tokenAt: (place: number) => string): string {
  if (!literal.includes(REFERENCE)) return literal;
  const [first = "", ...parts] = literal.split(REFERENCE);
  return parts.reduce((text, part) => text + withoutQuotes(tokenAt(placeOf(part))) + part.slice(1), first);
}

/** The places of the gaps to which a literal refers. */
export function referencesOf(literal: string): number[] {
  return literal.includes(REFERENCE) ? literal.split(REFERENCE).slice(1).map(placeOf) : [];
}

function placeOf(part: string): number {
  return part.charCodeAt(0) - FIRST_PLACE;
}

function withoutQuotes(token: string): string {
  return token.startsWith(QUOTE) ? token.slice(1, -1) : token;
}
