/**
 * Why the signal of an answered call aborts: what its handler left running is not wanted any more. One for all calls, since
 * every call ends with it, and an error's stack costs more than the rest of the ending.
 */
export const CALL_OVER = new DOMException("the call was answered", "AbortError");
