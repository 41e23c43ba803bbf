/** Controls, what turns or hides text, and halves of characters: nobody shall read something else than stands there. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with every character that cannot be seen written out, as `\u{202e}`. */
export const visible = (text: string): string =>
  text.replaceAll(hidden, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
