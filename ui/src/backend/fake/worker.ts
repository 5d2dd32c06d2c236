import { asApiError } from '../backend';
import type { Request } from '../types';
import { FakeAgent } from './agent';

interface Asked {
  id: number;
  request: Request;
}

const scenario = self.name;
const now = () => Math.floor(Date.now() / 1000);
const agent = new FakeAgent(scenario, now, (events) => postMessage({ events }));

addEventListener('message', ({ data }: MessageEvent<Asked>) => void answer(data));

async function answer({ id, request }: Asked): Promise<void> {
  if (scenario === 'slow') await new Promise((resolve) => setTimeout(resolve, 700));
  try {
    if (request === 'resume') agent.resume();
    postMessage({ id, response: await agent.ask(request) });
  } catch (thrown) {
    postMessage({ id, error: asApiError(thrown) });
  }
}
