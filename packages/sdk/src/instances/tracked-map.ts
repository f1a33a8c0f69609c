/**
 * A map that remembers what was read from it: `open` reads Grafana's configuration through one, so that only a change of what
 * it read, also later and also that something was absent, makes the instance a different one.
 */
export class TrackedMap implements ReadonlyMap<string, string> {
  readonly #map: ReadonlyMap<string, string>;
  readonly #read = new Set<string>();
  #readAll = false;

  constructor(map: ReadonlyMap<string, string>) {
    this.#map = map;
  }

  /** Whether another map answers every read so far as this one did. */
  isCurrentFor(other: ReadonlyMap<string, string>): boolean {
    if (other === this.#map) {
      return true;
    }
    if (this.#readAll && other.size !== this.#map.size) {
      return false;
    }
    const names = this.#readAll ? this.#map.keys() : this.#read;
    for (const name of names) {
      if (other.get(name) !== this.#map.get(name)) {
        return false;
      }
    }
    return true;
  }

  get(name: string): string | undefined {
    this.#read.add(name);
    return this.#map.get(name);
  }

  has(name: string): boolean {
    this.#read.add(name);
    return this.#map.has(name);
  }

  get size(): number {
    return this.#all().size;
  }

  forEach(visit: (value: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [name, value] of this.#all()) {
      visit(value, name, this);
    }
  }

  entries() {
    return this.#all().entries();
  }

  keys() {
    return this.#all().keys();
  }

  values() {
    return this.#all().values();
  }

  [Symbol.iterator]() {
    return this.#all()[Symbol.iterator]();
  }

  #all(): ReadonlyMap<string, string> {
    this.#readAll = true;
    return this.#map;
  }
}
