// @ts-check

/** An error whose message is for the person at the terminal: it is printed without a stack. */
export class UserError extends Error {}
