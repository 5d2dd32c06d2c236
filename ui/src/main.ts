import './words/desktop-language';
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './backend/connect';
import { agent } from './state/agent.svelte';
import { languageFor, speak } from './words/words.svelte';
import './style/base.css';
import './style/parts.css';

const target = document.getElementById('app');
if (target) {
  const wanted = new URLSearchParams(location.search).get('language');
  await speak(languageFor(wanted ? [wanted] : navigator.languages), navigator.languages);
  const backend = await connect();
  // The agent may take its time, such as where the keyring is locked; the window is there before it answers.
  void agent.start(backend);
  mount(App, { target });
}
