/** undici's pool by itself: the whole package is half of the code that a run loads. */
declare module 'undici/lib/dispatcher/pool.js' {
  export {Pool as default} from 'undici';
}
