/** Work that may have to be waited for, in the order in which it came for each name. */
export type Lanes = {
  /** Runs it at once where nothing of that name waits; false when its line was full and it was left out. Never rejects. */
  run(name: string, work: () => void | Promise<void>): boolean;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Names with work under way. */
  running(): number;
};

/** At most `limit` pieces of work wait for one name. What is not to be waited for is done when `run` returns. */
export function createLanes(limit: number): Lanes {
  const lines = new Map<string, (() => void | Promise<void>)[]>();
  let idlers: (() => void)[] = [];

  const follow = async (name: string, first: Promise<void>, line: (() => void | Promise<void>)[]): Promise<void> => {
    await first;
    for (let next = line.shift(); next !== undefined; next = line.shift()) await next();
    lines.delete(name);
    if (lines.size > 0) return;
    for (const settle of idlers) settle();
    idlers = [];
  };

  return {
    run(name, work) {
      const line = lines.get(name);
      if (line !== undefined) return line.length < limit && line.push(work) > 0;
      const first = work();
      if (!(first instanceof Promise)) return true;
      const fresh: (() => void | Promise<void>)[] = [];
      lines.set(name, fresh);
      void follow(name, first, fresh);
      return true;
    },
    idle: () => (lines.size === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    running: () => lines.size,
  };
}

/** Goes on at once where there is nothing to wait for. */
export function andThen<T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<Awaited<R>> {
  return value instanceof Promise ? (value.then(next) as Promise<Awaited<R>>) : next(value);
}

/** The same for several. */
export function whenAll<T, R>(values: readonly (T | Promise<T>)[], next: (values: readonly T[]) => R): R | Promise<R> {
  if (values.some((value) => value instanceof Promise)) return Promise.all(values).then(next);
  return next(values as readonly T[]);
}
