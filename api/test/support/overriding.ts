/**
 * The same object with some of its methods replaced. A proxy rather than a copy, so that it serves objects whose
 * methods live on a class as well as those that carry them themselves.
 */
export function overriding<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_, property): unknown {
      if (Object.hasOwn(replaced, property)) return Reflect.get(replaced, property);
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
