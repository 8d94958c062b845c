/** Files that travel as text inside the bundle: esbuild's text loader and the plugin of `vitest.config.ts` give a string. */
declare module '*.sh' {
  const text: string;
  export default text;
}

declare module '*.sql' {
  const text: string;
  export default text;
}

declare module '*.txt' {
  const text: string;
  export default text;
}
