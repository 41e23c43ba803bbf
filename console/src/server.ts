import { useCallback, useEffect, useState } from 'preact/hooks';
import type {
  AccessRequest,
  Calendar,
  ClickRequest,
  ClockRequest,
  FormRequest,
  Options,
  OptionsRequest,
  State,
  SubmitRequest,
  Submitted,
} from '../../local/api.ts';

type Bodies = {
  '/api/click': ClickRequest;
  '/api/clock': ClockRequest;
  '/api/attack': Record<string, never>;
  '/api/request': AccessRequest;
  '/api/submit': SubmitRequest;
  '/api/close': FormRequest;
  '/api/home': { as: string };
};

/** The system's state, read anew whenever the system says that something changed. */
export function useSystem() {
  const [state, setState] = useState<State>();
  const [problem, setProblem] = useState<string>();
  // Apart from the problem above, which the next answer ends: a refusal stays until it is read.
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setState(await get<State>('/api/state'));
      setProblem(undefined);
    } catch {
      setProblem('The process behind this page does not answer. Is `npm start` still running?');
    }
  }, []);

  useEffect(() => {
    void refresh();
    const events = new EventSource('/api/events');
    events.onmessage = () => void refresh();
    events.onerror = () => setProblem('The process behind this page does not answer. Is `npm start` still running?');
    return () => events.close();
  }, [refresh]);

  useEffect(() => {
    const timer = setInterval(() => setState((known) => known && runningOn(known, 1)), 1000);
    return () => clearInterval(timer);
  }, []);

  const send = useCallback(
    async <P extends keyof Bodies>(path: P, body: Bodies[P]) => {
      setBusy(true);
      setRefusal(undefined);
      try {
        const answer = await post(path, body);
        await refresh();
        return answer;
      } catch (error) {
        setRefusal(error instanceof Error ? error.message : String(error));
      } finally {
        setBusy(false);
      }
    },
    [refresh],
  );

  const dismiss = () => {
    setProblem(undefined);
    setRefusal(undefined);
  };
  return { state, problem: problem ?? refusal, busy, send, dismiss };
}

/** Between two answers the clock runs on by itself, at the system's speed. */
const runningOn = (state: State, seconds: number): State => {
  const { clock } = state;
  if (clock.paused) return state;
  const now = new Date(Date.parse(clock.now) + seconds * clock.speed * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...state, clock: { ...clock, now: now as typeof clock.now } };
};

/** The calendar of one principal; undefined until it is there. */
export function useCalendar(principal: string | undefined, revision: number) {
  const [calendar, setCalendar] = useState<Calendar>();
  useEffect(() => {
    if (!principal || revision < 0) return;
    let current = true;
    get<Calendar>(`/api/ledger?principal=${encodeURIComponent(principal)}`).then(
      (found) => current && setCalendar(found),
      () => current && setCalendar(undefined),
    );
    return () => {
      current = false;
    };
  }, [principal, revision]);
  return calendar;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await sentenceOf(response));
  return (await response.json()) as T;
}

/** What the select of a form offers; asked without anything else waiting for it. */
export const loadOptions = (asked: OptionsRequest): Promise<Options> => post('/api/options', asked) as Promise<Options>;

/** What came of a form: undefined where it could not even be sent. */
export const submittedIn = (answer: unknown): Submitted | undefined => answer as Submitted | undefined;

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await sentenceOf(response));
  return response.json();
}

async function sentenceOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => undefined)) as { error?: string } | undefined;
  return answer?.error ?? `${response.url} answered ${response.status}`;
}
