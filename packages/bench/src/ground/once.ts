/** The first call does the work, later ones get what it gave, for each key on its own. */
export function once<K, V>(work: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const made = new Map<K, Promise<V>>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const making = work(key);
    made.set(key, making);
    return making;
  };
}
