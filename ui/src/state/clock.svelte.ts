/** What time it is, for texts such as "3 minutes ago". */
class Clock {
  now = $state(Math.floor(Date.now() / 1000));

  constructor() {
    setInterval(() => (this.now = Math.floor(Date.now() / 1000)), 20_000);
  }
}

export const clock = new Clock();
