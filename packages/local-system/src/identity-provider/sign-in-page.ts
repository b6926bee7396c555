const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const STYLE = `body{font-family:system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;line-height:1.6}
label{display:block;margin-top:1rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}
button{font:inherit;margin-top:1.5rem;padding:.6rem 2rem}.message{border-left:4px solid #b00020;padding-left:.8rem}
small{color:#555}dt{font-weight:bold}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>${body}</body></html>`;
}

export type SignInView = {
  action: string;
  client: string;
  tenant: string | undefined;
  message?: string;
};

/** The form. Japanese first; it says who asks, and for which company. */
export function signInPage({ action, client, tenant, message }: SignInView): string {
  const notice =
    message === undefined ? '' : `<p class="message" role="alert">${escape(message)}</p>`;
  return page(
    'サインイン（開発用）',
    `<p><small>Sign in – local development only</small></p>${notice}
<dl><dt>利用するシステム <small>Application</small></dt><dd>${escape(client)}</dd>
<dt>委託元 <small>Tenant</small></dt><dd>${escape(tenant ?? '（所属する委託元）')}</dd></dl>
<form method="post" action="${escape(action)}">
<label>利用者名 <small>Name</small><input name="name" autocomplete="username" required autofocus></label>
<label>パスワード <small>Password</small><input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">サインイン</button></form>`,
  );
}

/** What a browser shows when a sign-in cannot go on. */
export function problemPage(message: string): string {
  return page('サインインできません', `<p role="alert">${escape(message)}</p>`);
}
