import { logIn, readHealth } from '../api/api.js';
import { byId, setShown, setText } from '../dom/element.js';

export interface LoginView {
  show(): void;
  hide(): void;
}

/** Asks for the token, and for nothing else that the page shows. */
export function createLoginView(onLoggedIn: () => void): LoginView {
  const [section, form] = [byId('login'), byId('login-form')];
  const input = byId('login-token') as HTMLInputElement;
  const [error, about] = [byId('login-error'), byId('login-about')];
  const button = byId('login-button') as HTMLButtonElement;
  const submit = async (): Promise<void> => {
    button.disabled = true;
    setText(error, '');
    try {
      await logIn(input.value.trim());
      input.value = '';
      onLoggedIn();
    } catch (thrown) {
      setText(error, thrown instanceof Error ? thrown.message : 'that did not work');
      input.select();
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  return {
    show: () => {
      setShown(section, true);
      input.focus();
      void readHealth()
        .then(({ version, role }) => setText(about, `Petit ${version} · ${role}`))
        .catch(() => setText(about, 'the leader does not answer'));
    },
    hide: () => setShown(section, false),
  };
}
