import type { Store, StoreTables } from '../../../../src/engine/ports/store.js';

/** What a controller's code meets where a test kills it; nothing of it runs after that. */
export class Killed extends Error {}

/**
 * The life of one controller in this process. Everything that it reaches the world through goes through `pass`: a dead
 * controller's calls never end, so that none of its code, error handling included, runs on; a frozen one's wait.
 */
export class Life {
  #isDead = false;
  #thaw: (() => void) | null = null;
  #frozen: Promise<void> = Promise.resolve();
  #die: (error: Killed) => void = () => undefined;
  /** Rejects once the controller is dead. */
  readonly death: Promise<never>;

  constructor() {
    this.death = new Promise((_, reject) => {
      this.#die = reject;
    });
    this.death.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#thaw !== null;
  }

  die(): Killed {
    this.#isDead = true;
    const killed = new Killed();
    this.#die(killed);
    return killed;
  }

  freeze(): void {
    this.#frozen = new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  thaw(): void {
    this.#thaw?.();
    this.#thaw = null;
  }

  async pass<Result>(call: () => Promise<Result>): Promise<Result> {
    await this.#frozen;
    if (this.#hasDied()) return NEVER;
    try {
      const result = await call();
      await this.#frozen;
      return this.#hasDied() ? await NEVER : result;
    } catch (error) {
      await this.#frozen;
      if (this.#hasDied()) return NEVER;
      throw error;
    }
  }

  /** It may die while it is waited for. */
  #hasDied(): boolean {
    return this.#isDead;
  }
}

const NEVER = new Promise<never>(() => undefined);

type AnyFunction = (...args: readonly unknown[]) => unknown;

/** The same port for a controller that may die: each of its calls, and each call back into the controller, ends with it. */
export function mortal<Port extends object>(port: Port, life: Life): Port {
  const entries = Object.entries(port).map(([name, value]) => [name, mortalPart(value, life)] as const);
  return Object.fromEntries(entries) as Port;
}

function mortalPart(value: unknown, life: Life): unknown {
  if (typeof value === 'function') return mortalFunction(value as AnyFunction, life);
  return typeof value === 'object' && value !== null ? mortal(value, life) : value;
}

function mortalFunction(call: AnyFunction, life: Life): AnyFunction {
  return (...args) => {
    const passed = args.map((arg) => (typeof arg === 'function' ? callBack(arg as AnyFunction, life) : arg));
    if (life.isDead) return NEVER;
    if (!life.isFrozen) {
      const result = call(...passed);
      return result instanceof Promise ? life.pass(() => result) : result;
    }
    return life.pass(() => Promise.resolve(call(...passed)));
  };
}

function callBack(call: AnyFunction, life: Life): AnyFunction {
  return (...args) => {
    const result = life.isDead ? NEVER : call(...args);
    return result instanceof Promise ? life.pass(() => result) : result;
  };
}

/** A store for a controller that may die. A transaction that it dies in is rolled back, as a database does. */
export function mortalStore(store: Store, life: Life): Store {
  return {
    ...mortal(store, life),
    // What is only read may be shared, and what is known of it too.
    blobs: store.blobs,
    // Nobody looks at these.
    events: { append: () => Promise.resolve(), list: () => Promise.resolve([]) },
    transaction: <Result>(work: (tables: StoreTables) => Promise<Result>): Promise<Result> =>
      life.pass(() =>
        store.transaction((tables) => {
          const working = work(mortal(tables, life));
          working.catch(() => undefined);
          return Promise.race([working, life.death]);
        }),
      ),
  };
}
