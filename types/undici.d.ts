/** Parts of undici by themselves: the whole package is half of the code that a run loads. */
declare module 'undici/lib/dispatcher/pool.js' {
  export {Pool as default} from 'undici';
}

declare module 'undici/lib/dispatcher/proxy-agent.js' {
  export {ProxyAgent as default} from 'undici';
}

declare module 'undici/lib/api/api-connect.js' {
  import type {Dispatcher} from 'undici';
  /** A dispatcher has it as its own only where the whole package is loaded. */
  export default function connect(
    this: Dispatcher,
    options: Dispatcher.ConnectOptions,
  ): Promise<Dispatcher.ConnectData>;
}
