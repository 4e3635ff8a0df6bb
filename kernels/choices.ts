/**
 * Choices: the one place where order and chance come from. Whoever walks the box is asked and answers with an index;
 * the same answers give the same story, byte for byte.
 */
export type Choices = {
  /** Picks one of `count` possibilities (0 to count - 1). `about` says what is decided, for stories and for refusals. */
  readonly choose: (count: number, about: string) => number;
};
