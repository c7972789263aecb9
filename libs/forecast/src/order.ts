/** Order statistics in place, without allocation: the built-in sorts cost more than all the rest of a forecast. */

/** Sorts `values[0..size)`; meant for a few dozen. */
export function sortFew(values: Float64Array, size: number): void {
  for (let at = 1; at < size; at++) {
    const value = values[at] as number;
    let place = at;
    while (place > 0 && (values[place - 1] as number) > value) {
      values[place] = values[place - 1] as number;
      place -= 1;
    }
    values[place] = value;
  }
}

/** The value at `rank` if `values[0..size)` were sorted; moves them about. */
export function select(values: Float64Array, size: number, rank: number): number {
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] as number) < pivot) left += 1;
      while ((values[right] as number) > pivot) right -= 1;
      if (left > right) break;
      const value = values[left] as number;
      values[left] = values[right] as number;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank] as number;
}

/** A few numbers kept in order while they come and go. */
export class SortedWindow {
  private readonly values: Float64Array;
  private size = 0;

  constructor(most: number) {
    this.values = new Float64Array(most);
  }

  clear(): void {
    this.size = 0;
  }

  put(value: number): void {
    const { values } = this;
    let place = this.size++;
    while (place > 0 && (values[place - 1] as number) > value) {
      values[place] = values[place - 1] as number;
      place -= 1;
    }
    values[place] = value;
  }

  take(value: number): void {
    const { values } = this;
    let place = 0;
    while (place < this.size && values[place] !== value) place += 1;
    if (place === this.size) return;
    this.size -= 1;
    for (; place < this.size; place++) values[place] = values[place + 1] as number;
  }

  /** One number goes, another comes: what lies between their places moves by one. */
  replace(goes: number, comes: number): void {
    const { values, size } = this;
    let place = 0;
    while (place < size && values[place] !== goes) place += 1;
    if (place === size) return this.put(comes);
    if (comes > goes)
      for (; place + 1 < size && (values[place + 1] as number) < comes; place++)
        values[place] = values[place + 1] as number;
    else
      for (; place > 0 && (values[place - 1] as number) > comes; place--)
        values[place] = values[place - 1] as number;
    values[place] = comes;
  }

  /** Undefined when empty. */
  middle(): number | undefined {
    const { values, size } = this;
    if (size === 0) return undefined;
    const at = size >> 1;
    return size & 1 ? (values[at] as number) : ((values[at] as number) + (values[at - 1] as number)) / 2;
  }
}
