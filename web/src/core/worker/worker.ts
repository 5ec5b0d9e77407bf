// A Worker of the client core. The page starts two of them from this script: the main one,
// which holds the keys until it is ended, and for each unlocking a lock Worker, which opens or
// makes a phrase lock and is thrown away with the 270 MB that scrypt leaves.
import type { LockAnswer, LockOrder, LockQuestion, Order, PasskeyOrder, Report } from '../wire';
import type { Locks, Opened } from '../types';
import { collect, handOver } from './files';
import { CallFailed, compile, failureOf, hindrance, start, type Program } from './program';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = (first: MessageEvent<Order | LockOrder>) => {
  if (first.data.type === 'lock') {
    answerLock(first.data);
  } else {
    void serve();
  }
};

function report(r: Report): void {
  scope.postMessage(r);
}

/** The main Worker: calls from the page until the end. */
async function serve(): Promise<void> {
  // What comes while the core is being compiled waits.
  const early: Order[] = [];
  scope.onmessage = (message: MessageEvent<Order>) => early.push(message.data);
  let module: WebAssembly.Module;
  let program: Program;
  try {
    module = await compile();
    program = await start(module);
  } catch (err) {
    report({ type: 'ended', why: hindrance(err) });
    return;
  }
  const asked = (order: Order): void => {
    take(program, module, order);
  };
  scope.onmessage = (message: MessageEvent<Order>) => {
    asked(message.data);
  };
  early.forEach(asked);
  report({ type: 'ready' });
  await program.ended.catch(() => undefined);
  report({ type: 'ended', why: 'broken' });
}

function take(program: Program, module: WebAssembly.Module, order: Order): void {
  switch (order.type) {
    case 'main':
      break;
    case 'cancel':
      program.cancel(order.id);
      break;
    case 'call': {
      const { id } = order;
      const tell = (done: number, total: number): void => {
        report({ type: 'progress', id, done, total });
      };
      const { hand } = order;
      if (hand?.data !== undefined) {
        handOver(hand.file, hand.data);
      }
      tellPage(id, program.call(id, 'page', order.method, order.params, tell), hand?.file);
      break;
    }
    case 'task':
      tellPage(order.id, withPhrase(program, module, order));
      break;
    case 'passkey':
      tellPage(order.id, withPasskey(program, order));
      break;
  }
}

function tellPage(id: number, answer: Promise<unknown>, file?: number): void {
  answer.then(
    (done) => {
      const data = file === undefined ? undefined : collect(file);
      report({ type: 'done', id, answer: done, ...(data === undefined ? {} : { data }) });
    },
    (err: unknown) => {
      if (file !== undefined) {
        collect(file);
      }
      report({ type: 'failed', id, failure: failureOf(err) });
    },
  );
}

/** Hands the locks to the lock Worker, and goes on with what it found inside, or made. */
async function withPhrase(program: Program, module: WebAssembly.Module, { id, task, params, port }: Extract<Order, { type: 'task' }>): Promise<unknown> {
  const locks = (await program.call(id, 'worker', 'locks', { task, ...('former' in params ? params : {}) })) as Locks;
  const answer = await new Promise<LockAnswer>((resolve) => {
    port.onmessage = (message: MessageEvent<LockAnswer>) => {
      resolve(message.data);
    };
    port.postMessage({ module, locks } satisfies LockQuestion);
  });
  port.close();
  if ('failure' in answer) {
    throw new CallFailed(answer.failure);
  }
  return program.call(id, 'worker', task, { ...answer.opened, ...params });
}

/** Hands the core what a passkey gave, and keeps it no longer. */
function withPasskey(program: Program, { id, method, params, output }: PasskeyOrder): Promise<unknown> {
  const bytes = new Uint8Array(output);
  const text = btoa(String.fromCharCode(...bytes));
  bytes.fill(0);
  return program.call(id, 'worker', method, { ...params, output: text });
}

/** The lock Worker: one question, one answer. */
function answerLock(order: LockOrder): void {
  const { phrase, port } = order;
  port.onmessage = (message: MessageEvent<LockQuestion>) => {
    const { module, locks } = message.data;
    void start(module)
      .then((program) => program.call(1, 'worker', 'openLock', { ...locks, phrase }))
      .then(
        (opened): LockAnswer => ({ opened: opened as Opened }),
        (err: unknown): LockAnswer => ({ failure: failureOf(err) }),
      )
      .then((answer) => {
        port.postMessage(answer);
      });
  };
}
