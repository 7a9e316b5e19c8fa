import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import {ServerError} from './server.ts';

/** A command line that can be copied: the page teaches the terminal. */
export function Command({text}: {text: string}) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <details class="command">
      <summary>The same in the terminal</summary>
      <div class="command-line">
        <code>{text}</code>
        <button type="button" class="quiet" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      </div>
    </details>
  );
}

/** What went wrong, in the words of the program. */
export function Failure({error}: {error: Error | undefined}) {
  if (error === undefined) return null;
  const {message} = error;
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{message}</strong>
      </p>
      {error instanceof ServerError && error.hint !== '' && <p>{error.hint}</p>}
    </div>
  );
}

/** A table that may be wider than the page; the keyboard reaches it to scroll. */
export function Scroll({label, children}: {label: string; children: ComponentChildren}) {
  return (
    <div class="scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

/** A heading that gets the focus when its step begins, so that a screen reader says where one is. */
export function StepTitle({children}: {children: ComponentChildren}) {
  return (
    <h1 tabIndex={-1} ref={(node) => void (node && document.activeElement === document.body && node.focus())}>
      {children}
    </h1>
  );
}

export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'});
}
