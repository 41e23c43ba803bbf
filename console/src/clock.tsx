import type { ClockRequest, State } from '../../local/api.ts';

const speeds = [1, 60, 600, 3600];

interface ClockProps {
  clock: State['clock'];
  set: (request: ClockRequest) => void;
}

/** The system's own clock: seen, stopped, and made faster. */
export function Clock({ clock, set }: ClockProps) {
  return (
    <div class="clock">
      <time data-test="now">
        {clock.now.slice(0, 10)} <b>{clock.now.slice(11, 19)}</b> UTC
      </time>
      <button type="button" data-test="pause" onClick={() => set({ pause: !clock.paused })}>
        {clock.paused ? 'Run' : 'Pause'}
      </button>
      <select
        aria-label="Speed of the clock"
        value={clock.speed}
        onChange={(event) => set({ speed: Number(event.currentTarget.value) })}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speed === 1 ? 'real time' : `${speed} ×`}
          </option>
        ))}
      </select>
      <button type="button" data-test="advance" onClick={() => set({ advance: 3600 })}>
        +1 hour
      </button>
    </div>
  );
}
