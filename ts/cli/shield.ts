/**
 * Tokens that begin with one minus: `-x^2`, `-10`, `-inf`, `-(x+1)`.
 *
 * To an argument parser they are clusters of short options; here they are expressions. They pass through the parser under a shield,
 * a character in front that nobody types, and lose it wherever they come out: as operands, as values of options, in messages.
 *
 * Long options have two dashes, and only `-h` and `-V` have one, so nothing else is lost. After `--` no token needs a shield.
 */

/** First of the characters that Unicode leaves to private agreements. */
const SHIELD = "\uE000";

const SHORT_OPTIONS: readonly string[] = ["-h", "-V"];

/**
 * @param argv tokens as they were typed
 * @returns the same, those that an option parser would take apart shielded
 * @example
 *   shield(["-x^2", "--json", "-h"]).map(unshield)   // [ "-x^2", "--json", "-h" ]
 */
export function shield(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return argv.map((token, index) => {
    const isExpression = /^-[^-]/.test(token) && !SHORT_OPTIONS.includes(token);
    return isExpression && (end < 0 || index < end) ? SHIELD + token : token;
  });
}

/** Takes every shield out of a text. */
export function unshield(text: string): string {
  return text.replaceAll(`${SHIELD}-`, "-");
}
