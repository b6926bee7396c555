/** The same object, but for one of its methods. */
export function replacing<T extends object>(whole: T, method: string, instead: unknown): T {
  return new Proxy(whole, {
    get: (target, name) => {
      if (name === method) return instead;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
