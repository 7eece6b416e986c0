/** The page's only style: inline, and named in its policy by its hash. */
export const STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#f6f7f6,#101514);--surface:light-dark(#fff,#171e1d);--raised:light-dark(#f1f4f3,#1e2726);
--line:light-dark(#dfe5e3,#2a3533);--edge:light-dark(#7c8a86,#6f807c);--text:light-dark(#18211f,#e7eeec);--quiet:light-dark(#566461,#9db0ab);
--accent:light-dark(#0a6a66,#66cfc4);--on-accent:light-dark(#fff,#06201e);--bad:light-dark(#b3261e,#ff8f85);--bad-soft:light-dark(#fdeceb,#3a1c1a);
--good:light-dark(#17703a,#6fd08f);--good-soft:light-dark(#e4f3e9,#163023);
--sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial}
*,*::before,*::after{box-sizing:border-box}
html{background:var(--ground);color:var(--text);font:16px/1.55 var(--sans),sans-serif;font-variant-numeric:tabular-nums;line-break:strict;text-size-adjust:100%}
html:lang(zh-CN){font-family:var(--sans),"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
html:lang(zh-TW){font-family:var(--sans),"PingFang TC","Microsoft JhengHei","Noto Sans CJK TC",sans-serif}
html:lang(ja){font-family:var(--sans),"Hiragino Sans","Yu Gothic UI","Noto Sans CJK JP",sans-serif;word-break:auto-phrase}
body{margin:0;padding:clamp(12px,4vw,56px) clamp(12px,4vw,24px)}
main{max-inline-size:640px;margin-inline:auto;background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:clamp(18px,4vw,36px);overflow-wrap:anywhere}
h1{font-size:clamp(1.3rem,1rem + 1.6vw,1.7rem);line-height:1.3;margin:0 0 8px;text-wrap:balance}
h2{font-size:.8rem;font-weight:600;color:var(--quiet);margin:28px 0 6px}
p{margin:0 0 8px}.quiet{color:var(--quiet);font-size:.875rem}.from{color:var(--quiet);margin-block-end:12px}
.message{white-space:pre-wrap;margin-block-start:16px}
.until{display:inline-block;background:var(--raised);border-radius:99px;padding:2px 12px;font-size:.875rem}
dl{display:grid;grid-template-columns:minmax(6rem,auto) 1fr;margin:0;border:1px solid var(--line);border-radius:10px;overflow:hidden}
dt,dd{margin:0;padding:8px 14px;border-block-start:1px solid var(--line)}dt{color:var(--quiet);background:var(--raised)}dt:first-of-type,dd:first-of-type{border-block-start:0}
pre{margin:0;white-space:pre-wrap;font:.875rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre.alone{border:1px solid var(--line);border-radius:10px;padding:12px 14px;background:var(--raised)}
form{margin-block-start:28px}.field{margin:0 0 18px;border:0;padding:0;min-inline-size:0}
label,legend{display:block;font-weight:600;margin-block-end:4px;padding:0}label.choice{font-weight:400;display:flex;gap:10px;align-items:center;min-block-size:36px;margin:0}
small{font-weight:400;font-size:.85em;color:var(--quiet)}form>p{margin-block-end:14px}
input:not([type=checkbox]),select,textarea{inline-size:100%;min-block-size:44px;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:8px;padding:9px 12px}
textarea{min-block-size:88px;resize:vertical}input[type=checkbox]{inline-size:20px;block-size:20px;margin:0;flex:none;accent-color:var(--accent)}
[aria-invalid=true]{border-color:var(--bad)!important}.fault{color:var(--bad);font-size:.875rem;margin:4px 0 0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.buttons{display:flex;flex-wrap:wrap;gap:12px;margin-block-start:24px}
button{flex:1 1 140px;min-block-size:48px;font:inherit;font-weight:600;border-radius:10px;border:1px solid var(--edge);background:var(--surface);color:var(--text);padding:8px 18px;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}button.danger{border-color:var(--bad);color:var(--bad)}
button:hover{filter:brightness(1.06)}
.note{border-radius:10px;padding:14px 16px;margin:18px 0;background:var(--raised)}.note p:last-child{margin:0}.note.good{background:var(--good-soft);color:var(--good)}.note.bad{background:var(--bad-soft);color:var(--bad)}
.note ul{margin:6px 0 0;padding-inline-start:20px}
footer{max-inline-size:640px;margin:16px auto 0;text-align:center}
@media (max-width:420px){dl{grid-template-columns:1fr}dd{border-block-start:0;padding-block-start:0}dt{background:none;padding-block-end:0}dd:first-of-type{border:0}}
`;
