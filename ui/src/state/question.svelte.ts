/** A question before something that cannot be undone. */
export interface Question {
  title: string;
  text: string;
  yes: string;
  danger: boolean;
  answer: (yes: boolean) => void;
}

let open = $state.raw<Question | null>(null);

export function question(): Question | null {
  return open;
}

/** Asks, and waits for the answer. */
export function confirmed(title: string, text: string, yes: string, danger = false): Promise<boolean> {
  return new Promise((resolve) => {
    open?.answer(false);
    const asked: Question = {
      title,
      text,
      yes,
      danger,
      answer(answered) {
        // Its dialog may say that it is closed when the next question stands already.
        if (open === asked) open = null;
        resolve(answered);
      },
    };
    open = asked;
  });
}
