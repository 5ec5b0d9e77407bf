// What every room gets: the core, and a way to say that the session is over.
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { failureOf, type CallOptions, type Core, type Failure, type PageMethods } from './core';

export interface Desk {
  readonly core: Core;
  /** Takes a failure that ends more than its own call; reports whether it did. */
  readonly over: (failure: Failure) => boolean;
  /** Quick exit. */
  readonly leave: () => void;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) {
    throw new Error('there is no desk around this room');
  }
  return desk;
}

/** A question to the core, with the answer to the same question that came before it. */
export type Asked<A> =
  | { readonly is: 'asking'; readonly before: A | undefined }
  | { readonly is: 'answered'; readonly answer: A }
  | { readonly is: 'failed'; readonly failure: Failure; readonly before: A | undefined };

interface Settled<A> {
  readonly core: Core;
  readonly question: string;
  readonly round: number;
  readonly answer: A | undefined; // the last that there was
  readonly failure: Failure | undefined;
}

/** Asks the core when the room is entered, when again is called and when news changes; leaving it breaks the call off. */
export function useAsked<M extends keyof PageMethods>(
  method: M,
  params: PageMethods[M]['params'],
  options: Pick<CallOptions, 'progress'> & { readonly news?: number | string } = {},
): { readonly asked: Asked<PageMethods[M]['answer']>; readonly again: () => void } {
  type Answer = PageMethods[M]['answer'];
  const { core, over } = useDesk();
  const [settled, setSettled] = useState<Settled<Answer>>();
  const [round, setRound] = useState(0);
  const question = JSON.stringify(params);
  const { progress, news } = options;
  useEffect(() => {
    const stop = new AbortController();
    const told = { signal: stop.signal, ...(progress === undefined ? {} : { progress }) };
    core.call(method, JSON.parse(question) as PageMethods[M]['params'], told).then(
      (answer) => {
        setSettled({ core, question, round, answer, failure: undefined });
      },
      (err: unknown) => {
        const failure = failureOf(err);
        if (!stop.signal.aborted && !over(failure)) {
          setSettled((last) => ({ core, question, round, answer: last?.question === question ? last.answer : undefined, failure }));
        }
      },
    );
    return () => {
      stop.abort();
    };
  }, [core, over, method, question, round, progress, news]);
  const again = useCallback(() => {
    setRound((n) => n + 1);
  }, []);
  return { asked: askedOf(settled, core, question, round), again };
}

function askedOf<A>(settled: Settled<A> | undefined, core: Core, question: string, round: number): Asked<A> {
  if (settled?.core !== core || settled.question !== question) {
    return { is: 'asking', before: undefined };
  }
  if (settled.round !== round) {
    return { is: 'asking', before: settled.answer };
  }
  if (settled.failure !== undefined) {
    return { is: 'failed', failure: settled.failure, before: settled.answer };
  }
  return settled.answer === undefined ? { is: 'asking', before: undefined } : { is: 'answered', answer: settled.answer };
}
