/** The geometry of the page of usage: shares of a whole, and the arc of a ring. */

/** Each value's share of all of them, from 0 to 1. */
export function shares(values: number[]): number[] {
  const all = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (all > 0 ? value / all : 0));
}

/** How many models have a colour of their own. */
export const COLOURS = 6;

/** The class of a model's colour: the dearest ones have their own, the rest share one. */
export function colour(index: number): string {
  return index < COLOURS ? `colour-${index}` : "colour-rest";
}

/** The dashes of a circle of this radius that draw a share of it: drawn, left out. */
export function ring(share: number, radius: number): { drawn: number; rest: number } {
  const whole = 2 * Math.PI * radius;
  const drawn = whole * Math.min(Math.max(share, 0), 1);
  return { drawn, rest: whole - drawn };
}

/** How a share of a budget is to be taken. */
export function tone(share: number): "fine" | "near" | "spent" {
  if (share >= 0.95) return "spent";
  return share >= 0.8 ? "near" : "fine";
}
