/** Strings that would run, or ask another host for something, wherever a page took them for more than text. `n` makes each its own. */
const run = 'window.__ran=1';
const shapes: readonly ((n: number) => string)[] = [
  () => `<script>${run}</script>`,
  () => `"><script>${run}</script>`,
  () => `'><script>${run}</script>`,
  () => `</title><script>${run}</script>`,
  () => `</textarea><script>${run}</script>`,
  () => `</script><script>${run}</script>`,
  () => `--><script>${run}</script><!--`,
  () => `<img src=x onerror=${run}>`,
  () => `"><img src=x onerror="${run}">`,
  () => `<svg onload=${run}>`,
  () => `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  () => `<svg><script>${run}</script></svg>`,
  () => `<math><mtext><img src=x onerror=${run}>`,
  () => `<iframe srcdoc="<script>parent.__ran=1</script>">`,
  () => `<iframe src="javascript:parent.__ran=1">`,
  () => `<body onload=${run}>`,
  () => `<details open ontoggle=${run}>`,
  () => `<input autofocus onfocus=${run}>`,
  () => `<video><source onerror=${run}>`,
  () => `<marquee onstart=${run}>`,
  () => `<a href="javascript:${run}">x</a>`,
  () => `<form action="javascript:${run}"><button>x`,
  () => `<object data="javascript:${run}">`,
  () => `<base href="https://evil.invalid/">`,
  (n) => `<img src="https://evil.invalid/${String(n)}">`,
  (n) => `<link rel=stylesheet href="https://evil.invalid/${String(n)}.css">`,
  (n) => `<style>@import "https://evil.invalid/${String(n)}";</style>`,
  (n) => `<meta http-equiv=refresh content="0;url=https://evil.invalid/${String(n)}">`,
  () => `javascript:${run}`,
  () => `data:text/html,<script>parent.__ran=1</script>`,
  () => `{{constructor.constructor('${run}')()}}`,
  () => `\${${run}}`,
  () => `{@html '<img src=x onerror=${run}>'}`,
  () => `[x](javascript:${run})`,
  () => `![x](https://evil.invalid/a"onerror="${run})`,
  () => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  () => `<template><img src=x onerror=${run}></template>`,
  () => `\u202e<script>${run}</script>`,
  () => `＜script＞${run}＜/script＞`,
  () => `&lt;script&gt;${run}&lt;/script&gt;`,
];
const ways: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/script|img|svg|iframe/gi, (word) => word.toUpperCase()),
  (text) => text.replaceAll(' ', '/').replaceAll('"', '`'),
];

/** 120 strings. */
export const scriptStrings: readonly string[] = ways.flatMap((way, at) => shapes.map((shape, n) => way(shape(at * shapes.length + n))));

/** Those whose beginning still says something within a length: names are short. */
export function shortScripts(most: number): readonly string[] {
  const short = [
    `<img src=x onerror=${run}>`,
    `<svg onload=${run}>`,
    `<script>${run}</script>`,
    `"onfocus=${run} x="`,
    `'-${run}-'`,
    `</title><svg onload=${run}>`,
    `javascript:${run}`,
  ];
  return [...short, ...scriptStrings.map((text) => text.slice(0, most))].filter((text) => text.trim().length > 0 && text.length <= most);
}
