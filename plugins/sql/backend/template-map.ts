/** Most templates that something is kept of, and the longest of them, in characters. */
const MOST = 500;
const MOST_CHARACTERS = 20_000;

/**
 * What is known of statements that ran before, by what they were made of: the query as it was written, before its macros were replaced.
 * A dashboard asks the same queries again and again, each time with other times in them.
 */
export class TemplateMap<T> {
  readonly #byTemplate = new Map<string, T>();

  get(template: string): T | undefined {
    return this.#byTemplate.get(template);
  }

  /** Keeps what was learnt; of too many, the oldest is forgotten. What is very long is not kept. */
  set(template: string, known: T): void {
    this.#byTemplate.delete(template);
    if (template.length > MOST_CHARACTERS) {
      return;
    }
    this.#byTemplate.set(template, known);
    if (this.#byTemplate.size > MOST) {
      for (const oldest of this.#byTemplate.keys()) {
        this.#byTemplate.delete(oldest);
        break;
      }
    }
  }

  /** Forgets what has turned out to be wrong. */
  delete(template: string): void {
    this.#byTemplate.delete(template);
  }
}
