/** Each would do something if it ever were markup, an address or code. */
export const HOSTILE = [
  '<script>globalThis.owned=1</script>',
  '</script><script>globalThis.owned=1</script>',
  '<img src=x onerror="globalThis.owned=1">',
  '<svg onload="globalThis.owned=1"><use href="//evil.example/x.svg#a"/></svg>',
  '"><iframe src="javascript:top.owned=1"></iframe>',
  "';globalThis.owned=1;//",
  'javascript:globalThis.owned=1',
  '<style>@import "https://evil.example/x.css"</style>',
  '<base href="https://evil.example/"><form action="https://evil.example/"><button>x</button></form>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '{{constructor.constructor("globalThis.owned=1")()}}',
  '__proto__',
  'constructor',
  '\u202egnp.exe\u2066 \u200b\u0000\u001b[31m',
] as const;
