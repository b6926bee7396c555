import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Adapter, Provider } from 'oidc-provider';
import type { Directory, Person } from './directory.ts';
import { readForm } from './form-body.ts';
import { hashPassword, isPassword } from './password.ts';
import { RESOURCE, isScope } from './resource.ts';
import { scopesOf } from './role.ts';
import { problemPage, signInPage } from './sign-in-page.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';
import { BY_PASSWORD } from './token-claims.ts';

export const SIGN_IN_PATH = '/interaction/';
const APPROVAL_SECONDS = 900;
const NOBODY = '';

type SignInParts = { provider: Provider; directory: Directory; approvals: Adapter };
type Asked = Awaited<ReturnType<Provider['interactionDetails']>>;
type Exchange = { request: IncomingMessage; response: ServerResponse };

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function show(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  });
  response.end(html);
}

function showForm(response: ServerResponse, asked: Asked, message?: string): void {
  const view = {
    action: `${SIGN_IN_PATH}${asked.uid}`,
    client: textOf(asked.params['client_id']) ?? '',
    tenant: textOf(asked.params['tenant']),
  };
  show(
    response,
    message === undefined ? 200 : 401,
    signInPage(message === undefined ? view : { ...view, message }),
  );
}

/** The tenant this sign-in is for: the one asked for, or the only one both sides share. */
function tenantFor(person: Person, asked: Asked, { clients }: Directory): string | undefined {
  const client = clients.find((one) => one.clientId === asked.params['client_id']);
  const shared = person.tenants.filter((tenant) => client?.tenants.includes(tenant));
  const named = textOf(asked.params['tenant']);
  if (named !== undefined) return shared.includes(named) ? named : undefined;
  return shared.length === 1 ? shared[0] : undefined;
}

/** A grant holds what the person's roles give of what was asked; the rest is recorded as rejected. */
async function approve(parts: SignInParts, asked: Asked, person: Person): Promise<string> {
  const grant = new parts.provider.Grant({
    accountId: person.sub,
    clientId: String(asked.params['client_id']),
  });
  const requested = (textOf(asked.params['scope']) ?? '').split(' ');
  const allowed = new Set(scopesOf(person.roles));
  if (requested.includes('openid')) grant.addOIDCScope('openid');
  for (const scope of requested.filter(isScope)) {
    if (allowed.has(scope)) grant.addResourceScope(RESOURCE, scope);
    else grant.rejectResourceScope(RESOURCE, scope);
  }
  return grant.save();
}

async function finish(parts: SignInParts, { request, response }: Exchange, person: Person) {
  const asked = await parts.provider.interactionDetails(request, response);
  const tenant = tenantFor(person, asked, parts.directory);
  if (tenant === undefined) {
    const refusal = { error: 'access_denied', error_description: 'no right in this tenant' };
    return parts.provider.interactionFinished(request, response, refusal);
  }
  const grantId = await approve(parts, asked, person);
  await parts.approvals.upsert(grantId, { tenant }, APPROVAL_SECONDS);
  const login = { accountId: person.sub, remember: false, ...BY_PASSWORD };
  return parts.provider.interactionFinished(request, response, { login, consent: { grantId } });
}

/** Serves the sign-in page. Its cookie is SameSite=Lax, so another site cannot post the form. */
export async function createSignIn(parts: SignInParts) {
  const throttle = createSignInThrottle(Date.now);
  // Checked when nobody has the name, so that an unknown name takes as long as a wrong password.
  const nobodysHash = await hashPassword(NOBODY);

  async function personBehind(form: URLSearchParams): Promise<Person | string> {
    const name = form.get('name');
    const person = parts.directory.people.find((one) => one.name === name);
    const counted = person?.name ?? NOBODY;
    if (throttle.rests(counted)) return '失敗が続きました。1分待ってからお試しください。';
    const stored = person?.passwordHash ?? nobodysHash;
    const right = await isPassword(form.get('password') ?? '', stored);
    if (person === undefined || !right) {
      throttle.failed(counted);
      return '利用者名またはパスワードが違います。';
    }
    throttle.succeeded(counted);
    return person;
  }

  async function attempt({ request, response }: Exchange, asked: Asked): Promise<void> {
    const form = (await readForm(request)) ?? new URLSearchParams();
    const found = await personBehind(form);
    if (typeof found === 'string') return showForm(response, asked, found);
    return finish(parts, { request, response }, found);
  }

  return async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    try {
      const asked = await parts.provider.interactionDetails(request, response);
      if (request.method === 'POST') return await attempt(exchange, asked);
      return showForm(response, asked);
    } catch {
      return show(response, 400, problemPage('このサインインは終わったか、期限が切れています。'));
    }
  };
}
